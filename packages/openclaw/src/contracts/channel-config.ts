/** The keys that every channel takes at `channels.<id>` and `channels.<id>.accounts.<account>`. */
import { Type, choice, closed, type TSchema } from "./schema.ts";

export { SecretText } from "./secret.ts";

const peers = (description: string) =>
  Type.Array(Type.Union([Type.String(), Type.Integer()]), { default: [], description });
const bool = (description: string) => Type.Boolean({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const onOrAuto = (description: string) => Type.Union([Type.Boolean(), Type.Literal("auto")], { description });
const visibility = choice(["all", "allowlist", "allowlist_quote"]);
const texts = Type.Array(Type.String());

export const channelHeartbeat = () =>
  closed({
    showOk: Type.Optional(Type.Boolean()),
    showAlerts: Type.Optional(Type.Boolean()),
    useIndicator: Type.Optional(Type.Boolean()),
  });

const toolRules = () =>
  closed({ allow: Type.Optional(texts), deny: Type.Optional(texts), alsoAllow: Type.Optional(texts) });

/** What may be set for one group or room; `more` are the channel's own keys. */
export function groupKeys<P extends Record<string, TSchema>>(more: P) {
  return {
    requireMention: Type.Optional(bool("Answer only when mentioned; default true")),
    enabled: Type.Optional(Type.Boolean()),
    allowFrom: Type.Optional(peers("Senders; default is the list of the channel")),
    groupPolicy: Type.Optional(choice(["open", "allowlist", "disabled"])),
    skills: Type.Optional(texts),
    systemPrompt: Type.Optional(Type.String()),
    tools: Type.Optional(toolRules()),
    toolsBySender: Type.Optional(Type.Record(Type.String(), toolRules())),
    historyLimit: Type.Optional(count("Unread messages given as context")),
    ...more,
  };
}

/** The common keys. Values with a `default` are filled at the level of the channel only. */
export function commonChannelKeys<P extends Record<string, TSchema>>(group: P) {
  return {
    enabled: Type.Boolean({ default: true, description: "Use it" }),
    name: Type.String({ description: "Display name" }),
    dmPolicy: choice(["pairing", "allowlist", "open", "disabled"], {
      default: "pairing",
      description: 'Who may write directly; `open` needs `"*"` in allowFrom',
    }),
    allowFrom: peers("Senders of direct messages, together with those approved by pairing; listed ones are owners"),
    groupPolicy: choice(["open", "allowlist", "disabled"], {
      description: "Senders in groups; default `channels.defaults.groupPolicy`, else allowlist",
    }),
    groupAllowFrom: peers("Senders in groups; default is allowFrom"),
    groups: Type.Record(Type.String(), closed(group), {
      description: "Groups by id, `*` for all; when set it is also the list of groups allowed",
    }),
    historyLimit: count("Unread messages of a group given as context; default 50"),
    dmHistoryLimit: count("User turns kept in direct chats; default all"),
    dms: Type.Record(Type.String(), closed({ historyLimit: Type.Optional(Type.Integer({ minimum: 0 })) })),
    textChunkLimit: Type.Integer({ minimum: 1, description: "Longest text of one message" }),
    chunkMode: choice(["length", "newline"], {
      default: "length",
      description: "`newline` splits at blank lines first, then by length",
    }),
    mediaMaxMb: Type.Number({ minimum: 0 }),
    blockStreaming: bool("Send finished paragraphs while the answer is written"),
    blockStreamingCoalesce: closed({
      idleMs: Type.Optional(Type.Integer({ minimum: 0 })),
      minChars: Type.Optional(Type.Integer({ minimum: 0 })),
      maxChars: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
    responsePrefix: Type.String({ description: "Put before every reply; `auto` = the agent's name, empty = none" }),
    replyToMode: choice(["off", "first", "all", "batched"]),
    configWrites: Type.Boolean({ default: true, description: "Let events of the network change the configuration" }),
    commands: closed({
      native: Type.Optional(onOrAuto("Register slash commands with the network")),
      nativeSkills: Type.Optional(onOrAuto("The same for skills")),
    }),
    healthMonitor: closed({ enabled: Type.Optional(Type.Boolean()) }),
    heartbeat: channelHeartbeat(),
    contextVisibility: visibility,
    ackReaction: Type.String(),
    ackReactionScope: choice(["group-mentions", "group-all", "direct", "all", "off", "none"]),
    markdown: closed({ tables: Type.Optional(choice(["off", "bullets", "code", "block"])) }),
    threadBindings: Type.Record(Type.String(), Type.Unknown()),
    execApprovals: closed({
      enabled: Type.Optional(onOrAuto("Ask for approvals in this channel")),
      approvers: Type.Optional(peers("Who may approve")),
      agentFilter: Type.Optional(texts),
      sessionFilter: Type.Optional(texts),
      target: Type.Optional(choice(["dm", "channel", "both"])),
      cleanupAfterResolve: Type.Optional(Type.Boolean()),
    }),
    defaultTo: Type.Union([Type.String(), Type.Integer()], { description: "Where messages without a target go" }),
    dangerouslyAllowNameMatching: Type.Boolean({
      default: false,
      description: "Names that people can change count in allow-lists",
    }),
  };
}

/**
 * The schema of `channels.<id>`: `keys` at both levels, plus `accounts` and `defaultAccount`. Every key is
 * optional; defaults are filled at the channel's level only, so that accounts inherit what they leave out.
 * The section stays absent unless the file has it, because having it is what starts the channel.
 */
export function channelSchema(keys: Readonly<Record<string, TSchema>>) {
  return closed(
    {
      ...Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key, Type.Optional(schema)])),
      accounts: Type.Optional(
        Type.Record(
          Type.String(),
          closed(
            Object.fromEntries(
              Object.entries(keys).map(([key, schema]) => [key, Type.Optional(withoutDefault(schema))]),
            ),
          ),
          { description: "Several logins by id; they take over what they do not set themselves" },
        ),
      ),
      defaultAccount: Type.Optional(Type.String({ description: "Account meant when none is named" })),
    },
    { default: undefined },
  );
}

function withoutDefault(schema: TSchema): TSchema {
  const { default: _, ...rest } = schema as TSchema & { default?: unknown };
  return rest as TSchema;
}

/** Rules that hold for every channel: `open` needs `"*"` in the list that is in force. Paths as in `ConfigSection.rules`. */
export function commonChannelRules(section: unknown): { path: string; message: string }[] {
  const base = asMap(section);
  const levels: [string, Record<string, unknown>][] = [["", base]];
  for (const [id, account] of Object.entries(asMap(base["accounts"]))) levels.push([`accounts.${id}.`, asMap(account)]);
  return levels.flatMap(([prefix, own]) => {
    const policy = own["dmPolicy"] ?? base["dmPolicy"];
    const allowFrom = own["allowFrom"] ?? base["allowFrom"];
    const open = Array.isArray(allowFrom) && allowFrom.some((entry) => String(entry).trim() === "*");
    const declared = prefix === "" || own["dmPolicy"] !== undefined || own["allowFrom"] !== undefined;
    return policy === "open" && !open && declared
      ? [{ path: `${prefix}allowFrom`, message: 'dmPolicy "open" needs "*" in allowFrom' }]
      : [];
  });
}

function asMap(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
