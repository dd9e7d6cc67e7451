/** `session`: which conversations share a memory, and when they start afresh. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";

const resetPolicy = {
  mode: Type.Optional(choice(["daily", "idle"], { description: "Start afresh once a day, or after a pause" })),
  atHour: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 23, description: "Hour of the daily reset, time of this machine" }),
  ),
  idleMinutes: Type.Optional(Type.Integer({ minimum: 1, description: "Pause after which the session starts afresh" })),
};

export const sessionSection = defineConfig({
  path: "session",
  summary: "Conversations: scope, keys, resets, upkeep.",
  reload: "live",
  schema: closed({
    scope: defaulted(
      choice(["per-sender", "global"], {
        default: "per-sender",
        description: "One session per sender, or one for everything",
      }),
    ),
    dmScope: defaulted(
      choice(["main", "per-peer", "per-channel-peer", "per-account-channel-peer"], {
        default: "main",
        description: "Which direct chats share a session",
      }),
    ),
    identityLinks: defaulted(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        default: {},
        description: "One person's addresses (`telegram:4711`) by a name of your choice",
      }),
    ),
    mainKey: defaulted(
      Type.String({ default: "main", minLength: 1, maxLength: 64, description: "Name of the main session" }),
    ),
    reset: Type.Optional(closed(resetPolicy)),
    resetByType: Type.Optional(
      closed({
        direct: Type.Optional(closed(resetPolicy)),
        dm: Type.Optional(closed(resetPolicy)),
        group: Type.Optional(closed(resetPolicy)),
        thread: Type.Optional(closed(resetPolicy)),
      }),
    ),
    resetByChannel: Type.Optional(Type.Record(Type.String(), closed(resetPolicy))),
    idleMinutes: Type.Optional(Type.Integer({ minimum: 1, description: "Legacy: alone it means idle-only resets" })),
    heartbeatIdleMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
    resetTriggers: defaulted(
      Type.Array(Type.String(), { default: ["/new", "/reset"], description: "Messages that start the session afresh" }),
    ),
    store: Type.Optional(Type.String({ description: "Place of sessions.json; `{agentId}` is replaced" })),
    typingMode: Type.Optional(choice(["never", "instant", "thinking", "message"])),
    typingIntervalSeconds: Type.Optional(Type.Number({ minimum: 1 })),
    agentToAgent: Type.Optional(closed({ maxPingPongTurns: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })) })),
    sendPolicy: Type.Optional(
      closed({
        default: Type.Optional(choice(["allow", "deny"])),
        rules: Type.Optional(
          Type.Array(
            closed({
              action: choice(["allow", "deny"]),
              match: closed({
                channel: Type.Optional(Type.String()),
                chatType: Type.Optional(choice(["direct", "dm", "group", "room", "channel"])),
                keyPrefix: Type.Optional(Type.String()),
                rawKeyPrefix: Type.Optional(Type.String()),
              }),
            }),
          ),
        ),
      }),
    ),
    parentForkMaxTokens: Type.Optional(Type.Integer({ minimum: 0 })),
    maintenance: Type.Optional(
      closed({
        mode: Type.Optional(choice(["warn", "enforce"])),
        pruneAfter: Type.Optional(Type.Union([Type.String(), Type.Number()])),
        pruneDays: Type.Optional(Type.Number()),
        maxEntries: Type.Optional(Type.Integer({ minimum: 1 })),
        rotateBytes: Type.Optional(Type.Union([Type.String(), Type.Number()])),
        resetArchiveRetention: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Literal(false)])),
        maxDiskBytes: Type.Optional(Type.Union([Type.String(), Type.Number()])),
        highWaterBytes: Type.Optional(Type.Union([Type.String(), Type.Number()])),
      }),
    ),
    threadBindings: Type.Optional(
      closed({
        enabled: Type.Optional(Type.Boolean()),
        idleHours: Type.Optional(Type.Number()),
        maxAgeHours: Type.Optional(Type.Number()),
        spawnSessions: Type.Optional(Type.Boolean()),
        defaultSpawnContext: Type.Optional(choice(["fork", "isolated"])),
      }),
    ),
  }),
});

export const config = [sessionSection];
