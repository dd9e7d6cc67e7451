/** `session`: which conversations share a memory, and when they start afresh. */
import {
  amount,
  flag,
  mapOf,
  maybeAmount,
  maybeBytes,
  maybeDuration,
  maybeListOf,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeText,
  maybeWhole,
  part,
  pick,
  text,
  whole,
  words,
} from "../../contracts/config-kinds.ts";
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";

const resetPolicy = {
  mode: maybePick(["daily", "idle"], "Start afresh once a day, or after a pause; default `daily`"),
  atHour: maybeWhole("Hour of the daily reset, time of this machine; default 4", { maximum: 23 }),
  idleMinutes: maybeWhole("Pause after which the session starts afresh; default 60 with `idle`", { minimum: 1 }),
};

const sendRule = closed({
  action: choice(["allow", "deny"], { description: "Send, or do not" }),
  match: closed(
    {
      channel: maybeText("Channel"),
      chatType: maybePick(["direct", "dm", "group", "room", "channel"], "Kind of chat"),
      keyPrefix: maybeText("Beginning of the session key, such as `cron:`"),
      rawKeyPrefix: maybeText("Beginning of the session key with its agent"),
    },
    { description: "What it is for" },
  ),
});

const maintenance = maybePart(
  {
    mode: maybePick(["warn", "enforce"], "Only say what would be removed, or remove it; default `warn`"),
    pruneAfter: maybeDuration("Age at which sessions are removed; a bare number is days; default 30d"),
    pruneDays: maybeAmount("Older form of `pruneAfter`"),
    maxEntries: maybeWhole("Most sessions; default 500", { minimum: 1 }),
    rotateBytes: maybeBytes("No longer used"),
    resetArchiveRetention: Type.Optional(
      Type.Union([Type.String(), Type.Number(), Type.Literal(false)], {
        description: "How long transcripts of ended sessions are kept; default as `pruneAfter`, `false` keeps them all",
      }),
    ),
    maxDiskBytes: maybeBytes("Most space on disk"),
    highWaterBytes: maybeBytes("Space left in use when that is reached; default 80 %"),
  },
  "Removal of old sessions",
);

const threadBindings = part(
  {
    enabled: flag(true, "Bind threads to sessions"),
    idleHours: amount(24, "Hours without a message after which a thread is let go; 0 = never"),
    maxAgeHours: amount(0, "Hours after which a thread is let go in any case; 0 = never"),
    spawnSessions: flag(true, "Open a thread for a session that is started"),
    defaultSpawnContext: pick(["fork", "isolated"], "fork", "Whether such a session knows the conversation so far"),
  },
  "Threads that belong to a session of their own",
);

export const sessionSection = defineConfig({
  path: "session",
  summary: "Conversations: scope, keys, resets, upkeep.",
  reload: "live",
  schema: closed({
    scope: pick(["per-sender", "global"], "per-sender", "One session per sender, or one for everything"),
    dmScope: pick(
      ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"],
      "main",
      "Which direct chats share a session",
    ),
    identityLinks: mapOf(
      Type.Array(Type.String()),
      "One person's addresses (`telegram:4711`) by a name of your choice",
    ),
    mainKey: text("main", "Name of the main session", { minLength: 1, maxLength: 64 }),
    reset: maybePart(resetPolicy, "When sessions start afresh; absent = every day at 4"),
    resetByType: maybePart(
      {
        direct: maybePart(resetPolicy, "Direct chats"),
        dm: maybePart(resetPolicy, "Older name of `direct`"),
        group: maybePart(resetPolicy, "Groups"),
        thread: maybePart(resetPolicy, "Threads"),
      },
      "The same by kind of chat",
    ),
    resetByChannel: maybeMapOf(closed(resetPolicy), "The same by channel"),
    idleMinutes: maybeWhole("Legacy: alone it means idle-only resets", { minimum: 1 }),
    heartbeatIdleMinutes: maybeWhole("Pause for heartbeats, minutes", { minimum: 1 }),
    resetTriggers: words(["/new", "/reset"], "Messages that start the session afresh"),
    store: maybeText("Place of sessions.json; `{agentId}` is replaced"),
    typingMode: maybePick(
      ["never", "instant", "thinking", "message"],
      "When one sees that an answer comes; absent = `agents.defaults.typingMode`",
    ),
    typingIntervalSeconds: maybeAmount(
      "How often one is told so, seconds; absent = `agents.defaults.typingIntervalSeconds`",
      { minimum: 1 },
    ),
    agentToAgent: part(
      { maxPingPongTurns: whole(5, "Answers that two agents give each other", { maximum: 5 }) },
      "Messages between agents",
    ),
    sendPolicy: part(
      {
        default: pick(["allow", "deny"], "allow", "Where no rule fits"),
        rules: maybeListOf(sendRule, "The first that denies counts"),
      },
      "Chats that answers are sent to",
    ),
    parentForkMaxTokens: whole(100_000, "Longest conversation that a thread is given, tokens; 0 = any"),
    maintenance,
    threadBindings,
  }),
});

export const config = [sessionSection];
