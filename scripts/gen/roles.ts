/**
 * The file roles that the generator collects: one row per role.
 * A role file has one export named `from`; its registry is `generated/<role>.ts` with the array `as`.
 */
export interface Role {
  /** File name without `.ts`, and name of the registry. */
  readonly role: string;
  /** Name of the export in every role file. */
  readonly from: string;
  /** Name of the array in the registry. */
  readonly as: string;
  /** Type of its items, from the contracts. */
  readonly type: string;
  /** What must be unique across the product, if anything. */
  readonly key?: string;
  /** The export is a record of items, not an array. */
  readonly record?: true;
  /** Files besides those that carry the name of the role; relative to `packages/openclaw/src`. */
  readonly besides?: readonly string[];
  /** The registry is sorted by this property instead of by file. */
  readonly sortedBy?: string;
}

export const ROLES: readonly Role[] = [
  { role: "config", from: "config", as: "configSections", type: "ConfigSection", key: "path" },
  { role: "methods", from: "methods", as: "methods", type: "Method", key: "name" },
  { role: "events", from: "events", as: "events", type: "GatewayEvent", key: "name" },
  {
    role: "errors",
    from: "errors",
    as: "errors",
    type: "ErrorFactory<never>",
    key: "code",
    record: true,
    // In `base`, `errors.ts` is what all errors are made with.
    besides: ["base/faults.ts"],
  },
  { role: "cli", from: "cli", as: "cli", type: "CliCommand", key: "name" },
  { role: "chat", from: "chat", as: "chat", type: "ChatCommand", key: "name" },
  { role: "tools", from: "tools", as: "tools", type: "Tool", key: "name" },
  { role: "checks", from: "checks", as: "checks", type: "Check", key: "id" },
  { role: "tables", from: "migrations", as: "migrations", type: "Migration", key: "id", sortedBy: "id" },
  { role: "routes", from: "routes", as: "routes", type: "Route" },
];

/** File name of the registry of a role. */
export function registryOf(role: Role): string {
  return role.role === "tables" ? "migrations" : role.role;
}

/** Units outside `features/` whose role files are collected too. */
export const UNITS = ["gateway", "models", "store", "cli", "client", "tui"] as const;
