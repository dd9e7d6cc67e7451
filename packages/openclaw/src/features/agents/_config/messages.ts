/** `messages` and `commands`. */
import {
  flag,
  flagOrAuto,
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeSettings,
  maybeText,
  maybeWords,
  part,
  peers,
  Peer,
  pick,
  whole,
} from "../../../contracts/config-kinds.ts";
import { defineConfig } from "../../../contracts/config.ts";
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { tts } from "./tts.ts";

const MODES = ["collect", "steer", "followup", "steer-backlog", "steer+backlog", "interrupt", "queue"] as const;
const REPLIES = ["automatic", "message_tool"] as const;
const milliseconds = Type.Integer({ minimum: 0 });

const queue = part(
  {
    mode: pick(MODES, "collect", "What a message does that comes during a run"),
    debounceMs: whole(1000, "Quiet time after a message before it is taken, ms"),
    cap: whole(20, "Messages that may wait", { minimum: 1 }),
    drop: pick(["old", "new", "summarize"], "summarize", "What happens to more of them"),
    byChannel: maybeMapOf(choice(MODES), "Mode by channel"),
    debounceMsByChannel: maybeMapOf(milliseconds, "Quiet time by channel, ms"),
  },
  "Messages that come during a run",
);

export const messagesSection = defineConfig({
  path: "messages",
  summary: "Prefixes, acknowledgements, queues and voice.",
  reload: "live",
  secrets: ["tts.elevenlabs.apiKey", "tts.openai.apiKey", "tts.providers.*.apiKey", "tts.providers.*.env.*"],
  schema: closed({
    responsePrefix: maybeText("Put before every reply; `auto` = the agent's name, empty = none"),
    ackReaction: maybeText("Emoji put on a message that is being answered; default the agent's, else 👀; empty = none"),
    ackReactionScope: pick(
      ["group-mentions", "group-all", "direct", "all", "off", "none"],
      "group-mentions",
      "Messages that get it",
    ),
    removeAckAfterReply: flag(false, "Take it away after the answer"),
    messagePrefix: maybeText("Older form of `channels.whatsapp.messagePrefix`"),
    visibleReplies: pick(REPLIES, "automatic", "Post answers, or only what the assistant sends by its tool"),
    groupChat: part(
      {
        historyLimit: whole(50, "Unread messages given as context; 0 = none"),
        mentionPatterns: maybeWords("Patterns of texts that agents answer to"),
        visibleReplies: pick(REPLIES, "automatic", "The same as above, in groups"),
        unmentionedInbound: maybePick(
          ["ignore", "room_event"],
          "Whether messages without a mention start a silent turn",
        ),
      },
      "Groups",
    ),
    statusReactions: maybePart(
      {
        enabled: maybeFlag("Show by emojis how far it is"),
        emojis: maybeMapOf(Type.String(), "Emoji by state"),
        timing: maybeSettings("How fast they change"),
      },
      "State shown by emojis",
    ),
    queue,
    inbound: part(
      {
        debounceMs: whole(0, "Quiet time after which messages of one sender are taken as one, ms"),
        byChannel: maybeMapOf(milliseconds, "The same by channel, ms"),
      },
      "Messages that come at once",
    ),
    tts,
    suppressToolErrors: maybeFlag("Do not report failed tools"),
  }),
});

export const commandsSection = defineConfig({
  path: "commands",
  summary: "Slash commands: where they work and for whom.",
  reload: "restart",
  secrets: ["ownerDisplaySecret"],
  noReferences: ["ownerDisplaySecret"],
  schema: closed({
    native: flagOrAuto("Register commands with networks that have them; `auto` = on Discord and Telegram"),
    nativeSkills: flagOrAuto("The same for skills"),
    text: flag(true, "Understand messages that begin with /"),
    bash: flag(false, "`! <command>` runs a command on this machine, for those whom `tools.elevated` allows it"),
    bashForegroundMs: whole(2000, "Until it goes on in the background, ms"),
    config: flag(false, "`/config` changes this file"),
    debug: flag(false, "`/debug` changes settings until the next start"),
    restart: flag(false, "`/restart` and the assistant may restart the gateway"),
    mcp: flag(false, "`/mcp` changes servers of tools"),
    plugins: flag(false, "`/plugins` changes plugins"),
    useAccessGroups: flag(true, "Commands follow the lists of who may write; off lets everybody use them"),
    allowFrom: Type.Optional(
      Type.Record(Type.String(), Type.Array(Peer), {
        description: "Senders who may use commands, by channel or `*`; when set, nobody else may",
      }),
    ),
    ownerAllowFrom: peers("Owners by address: `telegram:4711`"),
    ownerDisplay: pick(["raw", "hash"], "raw", "How owners are named to the model"),
    ownerDisplaySecret: maybeText("Makes those names hard to guess"),
  }),
});
