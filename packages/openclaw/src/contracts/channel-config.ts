/** The keys that every channel takes at `channels.<id>` and `channels.<id>.accounts.<account>`. */
import {
  flag,
  maybeAmount,
  maybeFlag,
  maybeFlagOrAuto,
  maybeMapOf,
  maybePart,
  maybePeer,
  maybePeers,
  maybePick,
  maybeSettings,
  maybeText,
  maybeWhole,
  maybeWords,
  peers,
  pick,
} from "./config-kinds.ts";
import { Type, closed, optional, type TSchema } from "./schema.ts";

export { SecretText } from "./secret.ts";

const POLICY = ["open", "allowlist", "disabled"] as const;
const DM_POLICY = ["pairing", "allowlist", "open", "disabled"] as const;
const DM_POLICY_SAYS = 'Who may write directly; `open` needs `"*"` in allowFrom';

export const channelHeartbeat = () =>
  closed({
    showOk: maybeFlag("Say so when nothing needs attention"),
    showAlerts: maybeFlag("Say what needs attention"),
    useIndicator: maybeFlag("Show the state in the apps"),
  });

const toolRules = () => ({
  allow: maybeWords("Only these tools"),
  deny: maybeWords("Never these tools"),
  alsoAllow: maybeWords("Tools added to the agent's profile"),
});

/** What may be set for one group or room; `more` are the channel's own keys. */
export function groupKeys<P extends Record<string, TSchema>>(more: P) {
  return {
    requireMention: maybeFlag("Answer only when mentioned; default true"),
    enabled: maybeFlag("Take part in it"),
    allow: maybeFlag("The same as `enabled`"),
    allowFrom: maybePeers("Senders; default is the list of the channel"),
    users: maybePeers("The same as `allowFrom`"),
    groupPolicy: maybePick(POLICY, "Who may write there; default is that of the channel"),
    skills: maybeWords("Only these skills"),
    systemPrompt: maybeText("Added to the prompt"),
    tools: maybePart(toolRules(), "Tools"),
    toolsBySender: maybeMapOf(closed(toolRules()), "Tools by sender, `*` for the others"),
    historyLimit: maybeWhole("Unread messages given as context"),
    ...more,
  };
}

/**
 * For networks whose direct messages are also described below `dm`: the flat keys win where both are set,
 * so they have no defaults. `more` are further keys of `dm`.
 */
export function nestedDmKeys<P extends Record<string, TSchema>>(more: P) {
  return {
    dmPolicy: maybePick(DM_POLICY, `${DM_POLICY_SAYS}; default is \`dm.policy\`, else pairing`),
    allowFrom: maybePeers("Senders of direct messages; default is `dm.allowFrom`"),
    dm: maybePart(
      {
        enabled: maybeFlag("`false` ignores all direct messages"),
        policy: maybePick(DM_POLICY, "The same as `dmPolicy`, which wins"),
        allowFrom: maybePeers("The same as `allowFrom`, which wins"),
        ...more,
      },
      "Direct messages",
    ),
  };
}

/** The common keys. Values with a `default` are filled at the level of the channel only. */
export function commonChannelKeys<P extends Record<string, TSchema>>(group: P) {
  return {
    enabled: flag(true, "Use it"),
    name: maybeText("Display name"),
    dmPolicy: pick(DM_POLICY, "pairing", DM_POLICY_SAYS),
    allowFrom: peers("Senders of direct messages, together with those approved by pairing; listed ones are owners"),
    groupPolicy: maybePick(POLICY, "Senders in groups; default `channels.defaults.groupPolicy`, else allowlist"),
    groupAllowFrom: peers("Senders in groups; default is allowFrom"),
    groups: maybeMapOf(closed(group), "Groups by id, `*` for all; when set it is also the list of groups allowed"),
    historyLimit: maybeWhole("Unread messages of a group given as context; default 50"),
    dmHistoryLimit: maybeWhole("User turns kept in direct chats; default all"),
    dms: maybeMapOf(
      closed({ historyLimit: maybeWhole("User turns kept; wins over dmHistoryLimit") }),
      "Direct chats by sender",
    ),
    textChunkLimit: maybeWhole("Longest text of one message", { minimum: 1 }),
    chunkMode: pick(["length", "newline"], "length", "`newline` splits at blank lines first, then by length"),
    mediaMaxMb: maybeAmount("Largest file taken or sent, MB"),
    ...answerKeys(),
    ...accessKeys(),
  };
}

/** How answers look and come. */
function answerKeys() {
  return {
    blockStreaming: maybeFlag("Send finished paragraphs while the answer is written"),
    blockStreamingCoalesce: maybePart(
      {
        idleMs: maybeWhole("Pause after which what was written so far is sent, ms"),
        minChars: maybeWhole("Shortest text sent, characters"),
        maxChars: maybeWhole("Longest text sent, characters", { minimum: 1 }),
      },
      "Joining of such paragraphs",
    ),
    responsePrefix: maybeText("Put before every reply; `auto` = the agent's name, empty = none"),
    replyToMode: maybePick(["off", "first", "all", "batched"], "Which parts of an answer quote the question"),
    ackReaction: maybeText("Emoji put on a message that is being answered; empty = none"),
    ackReactionScope: maybePick(
      ["group-mentions", "group-all", "direct", "all", "off", "none"],
      "Messages that get it",
    ),
    markdown: maybePart(
      { tables: maybePick(["off", "bullets", "code", "block"], "How tables are written") },
      "Markdown of the model",
    ),
    heartbeat: channelHeartbeat(),
    capabilities: maybeCapabilities(),
    tts: maybeSettings("What is spoken, over `messages.tts`"),
    defaultTo: maybePeer("Where messages without a target go"),
    threadBindings: maybePart(threadBindingKeys(), "Threads that belong to a session of their own"),
  };
}

/** What people, commands and events of the network may do. */
function accessKeys() {
  return {
    configWrites: flag(true, "Let events of the network change the configuration"),
    commands: maybePart(
      {
        native: maybeFlagOrAuto("Register slash commands with the network"),
        nativeSkills: maybeFlagOrAuto("The same for skills"),
        enforceOwnerForCommands: maybeFlag("Only owners may use commands"),
      },
      "Slash commands",
    ),
    contextVisibility: maybePick(
      ["all", "allowlist", "allowlist_quote"],
      "Whose messages the assistant gets as context",
    ),
    execApprovals: maybePart(
      {
        enabled: maybeFlagOrAuto("Ask for approvals in this channel"),
        approvers: maybePeers("Who may approve"),
        agentFilter: maybeWords("Agents whose questions are asked here; absent means all"),
        sessionFilter: maybeWords("Parts of session keys whose questions are asked here; absent means all"),
        target: maybePick(["dm", "channel", "both"], "Ask the approvers directly, in the chat, or both"),
        cleanupAfterResolve: maybeFlag("Delete the question when it is answered"),
      },
      "Questions for permission to run a command",
    ),
    healthMonitor: maybePart({ enabled: maybeFlag("Restart it when it falls silent") }, "Watching of the connection"),
    network: maybePart(networkKeys(), "Connections"),
    retry: maybePart(retryKeys(), "Sending again after a failure"),
    mediaLocalRoots: maybeWords("Folders that files may be sent from, besides the workspace and the gateway's own"),
    dangerouslyAllowNameMatching: flag(false, "Names that people can change count in allow-lists"),
  };
}

/** Names, or what the channel says about each. */
function maybeCapabilities() {
  return optional(
    Type.Unsafe<readonly string[] | Readonly<Record<string, unknown>>>({
      anyOf: [{ type: "array", items: { type: "string" } }, { type: "object" }],
      description: "What messages can hold, such as `inlineButtons`",
    }),
  );
}

/** Keys of `retry` on every channel. */
const retryKeys = () => ({
  attempts: maybeWhole("Attempts; default 3", { minimum: 1 }),
  minDelayMs: maybeWhole("First pause, ms; default 500"),
  maxDelayMs: maybeWhole("Longest pause, ms; default 30000"),
  jitter: maybeAmount("Share of a pause that is random; default 0.1", { maximum: 1 }),
});

/** Keys of `network` on every channel. */
export const networkKeys = () => ({
  dangerouslyAllowPrivateNetwork: maybeFlag("Load media from private networks"),
});

/** Keys of `threadBindings` on every channel. */
const threadBindingKeys = () => ({
  enabled: maybeFlag("Bind threads to sessions; default true"),
  idleHours: maybeAmount("Hours without a message after which a thread is let go; default 24"),
  maxAgeHours: maybeAmount("Hours after which a thread is let go in any case; default 0, never"),
  spawnSessions: maybeFlag("Open a thread for a session that is started"),
  spawnSubagentSessions: maybeFlag("Open a thread for a sub-agent"),
  spawnAcpSessions: maybeFlag("Open a thread for a coding agent"),
  defaultSpawnContext: maybePick(["fork", "isolated"], "Whether such a session knows the conversation so far"),
});
