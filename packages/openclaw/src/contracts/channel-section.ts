/** The section of a channel, put together from its keys, and the rules that hold for every channel. */
import { maybeMapOf, maybeText } from "./config-kinds.ts";
import type { ConfigSection, Reload } from "./config.ts";
import { closed, optional, type TSchema } from "./schema.ts";

export interface ChannelConfig {
  readonly id: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** Of the channel and of each of its accounts; called when the section is first needed. */
  readonly keys: () => Readonly<Record<string, TSchema>>;
  /** Dotted paths of secrets at the level of the channel; accounts have the same. */
  readonly secrets?: readonly string[];
  /** Dotted paths where a reference to a secret is refused, likewise at both levels. */
  readonly noReferences?: readonly string[];
  /** What a change needs; default is that the channel restarts. */
  readonly reload?: Reload;
  /** Besides those that hold for every channel. */
  readonly rules?: NonNullable<ConfigSection["rules"]>;
}

/**
 * The section `channels.<id>`: `keys` at both levels, plus `accounts` and `defaultAccount`. Every key is
 * optional; defaults are filled at the channel's level only, so that accounts inherit what they leave out.
 * The section stays absent unless the file has it, because having it is what starts the channel.
 */
export function defineChannelConfig({
  id,
  summary,
  keys,
  secrets = [],
  noReferences = [],
  ...more
}: ChannelConfig): ConfigSection {
  let made: TSchema | undefined;
  return {
    path: `channels.${id}`,
    summary,
    reload: more.reload ?? `restart:channels.${id}`,
    secrets: atBothLevels(secrets),
    noReferences: atBothLevels(noReferences),
    onDemand: true,
    get schema() {
      return (made ??= channelSchema(keys()));
    },
    rules: (value, root) => [...commonChannelRules(value), ...(more.rules?.(value, root) ?? [])],
  };
}

function atBothLevels(paths: readonly string[]): string[] {
  return [...paths, ...paths.map((path) => `accounts.*.${path}`)];
}

function channelSchema(keys: Readonly<Record<string, TSchema>>) {
  const account = Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key, withoutDefault(schema)]));
  return closed(
    {
      ...Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key, optional({ ...schema })])),
      accounts: maybeMapOf(closed(account), "Several logins by id; they take over what they do not set themselves"),
      defaultAccount: maybeText("Account meant when none is named"),
    },
    { default: undefined },
  );
}

function withoutDefault(schema: TSchema): TSchema {
  const { default: _, ...rest } = schema as TSchema & { default?: unknown };
  return optional(rest as TSchema);
}

/**
 * Rules that hold for every channel: `open` needs `"*"` in the list that is in force, be they flat or below
 * `dm`. Paths as in `ConfigSection.rules`.
 */
function commonChannelRules(section: unknown): { path: string; message: string }[] {
  const base = asMap(section);
  const levels: [string, Record<string, unknown>][] = [["", base]];
  for (const [id, account] of Object.entries(asMap(base["accounts"])))
    levels.push([`accounts${/[.[\]]/.test(id) ? `[${JSON.stringify(id)}]` : `.${id}`}.`, asMap(account)]);
  return levels.flatMap(([prefix, own]) => {
    const declared = prefix === "" || dmPolicyOf(own) !== undefined || allowFromOf(own) !== undefined;
    const policy = dmPolicyOf(own) ?? dmPolicyOf(base);
    const allowFrom = allowFromOf(own) ?? allowFromOf(base);
    const open = Array.isArray(allowFrom) && allowFrom.some((entry) => String(entry).trim() === "*");
    if (policy !== "open" || open || !declared) return [];
    const nested = (own["dmPolicy"] ?? base["dmPolicy"]) === undefined;
    return [
      nested
        ? { path: `${prefix}dm.allowFrom`, message: 'dm.policy "open" needs "*" in dm.allowFrom' }
        : { path: `${prefix}allowFrom`, message: 'dmPolicy "open" needs "*" in allowFrom' },
    ];
  });
}

function dmPolicyOf(level: Record<string, unknown>): unknown {
  return level["dmPolicy"] ?? asMap(level["dm"])["policy"];
}

function allowFromOf(level: Record<string, unknown>): unknown {
  return level["allowFrom"] ?? asMap(level["dm"])["allowFrom"];
}

function asMap(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
