import { sha256 } from "../../base/ids.ts";

/** Everything that an approval is bound to. */
export interface ExactAct {
  readonly tool: string;
  readonly agentId: string | undefined;
  readonly sessionKey: string | undefined;
  readonly runId: string | undefined;
  /** What would happen: argv, cwd, digest of the variables, host, node. */
  readonly exact: Readonly<Record<string, unknown>>;
}

/** The same for the same act, whatever the order of its keys. */
export function digestOf(act: ExactAct): string {
  return sha256(JSON.stringify(sorted(act)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}
