/** Keys of `agents.defaults` about how and when the assistant speaks. */
import {
  flag,
  maybeDuration,
  maybePart,
  maybePick,
  maybeText,
  maybeWhole,
  part,
  pick,
  text,
  whole,
} from "../../../contracts/config-kinds.ts";

const PROMPT =
  "Read HEARTBEAT.md if it exists (workspace context). Follow it strictly. Do not infer or repeat old tasks from prior chats. If nothing needs attention, reply HEARTBEAT_OK.";

const TIME = { pattern: "^([01]?\\d|2[0-4]):[0-5]\\d$", hint: "a time of day such as 08:30" };

export const heartbeat = part(
  {
    every: maybeDuration("Pause between them, a bare number is minutes; default 30m, `0m` = none"),
    model: maybeText("Model; absent = the agent's"),
    session: text("main", "Session they run in"),
    to: maybeText("Person or chat; absent = where the conversation was last"),
    accountId: maybeText("Account of the channel"),
    target: text("last", "Channel: `last` = the one used last, `none`, or its id"),
    prompt: text(PROMPT, "What the assistant is asked"),
    includeReasoning: flag(false, "Also send what it thought"),
    ackMaxChars: whole(300, "Longest text beside HEARTBEAT_OK that is not sent, characters"),
    activeHours: maybePart(
      {
        start: maybeText("First minute, HH:MM", TIME),
        end: maybeText("Minute after the last, HH:MM; 24:00 is midnight", TIME),
        timezone: maybeText("Time zone, `user` or `local`"),
      },
      "Time of day; absent = always, the same start and end = never",
    ),
    directPolicy: pick(["allow", "block"], "allow", "Whether they may speak in direct chats"),
    lightContext: flag(false, "Show the model HEARTBEAT.md only"),
    isolatedSession: flag(false, "Run each in a session of its own"),
    skipWhenBusy: flag(false, "Leave one out while sub-agents work"),
    timeoutSeconds: maybeWhole("Longest run, seconds", { minimum: 1 }),
    suppressToolErrorWarnings: flag(false, "Do not report failed tools"),
    includeSystemPromptSection: flag(true, "Explain heartbeats in the prompt"),
  },
  "Turns without a message: the assistant looks whether something needs attention",
);

export const humanDelay = part(
  {
    mode: pick(["off", "natural", "custom"], "off", "`natural` waits 0.8 to 2.5 s, `custom` as long as said below"),
    minMs: maybeWhole("Shortest pause, ms"),
    maxMs: maybeWhole("Longest pause, ms"),
  },
  "Pauses between the paragraphs of an answer",
);

export const blockStreamingChunk = part(
  {
    minChars: whole(800, "Shortest paragraph sent, characters", { minimum: 1 }),
    maxChars: whole(1200, "Longest paragraph sent, characters", { minimum: 1 }),
    breakPreference: pick(["paragraph", "newline", "sentence"], "paragraph", "Where it is cut"),
  },
  "Paragraphs that are sent while the answer is written",
);

export const blockStreamingCoalesce = maybePart(
  {
    idleMs: maybeWhole("Pause after which what was written so far is sent, ms; default 1000"),
    minChars: maybeWhole("Shortest text sent, characters"),
    maxChars: maybeWhole("Longest text sent, characters"),
  },
  "Joining of such paragraphs",
);

export const typingMode = maybePick(
  ["never", "instant", "thinking", "message"],
  "When one sees that an answer comes; default `instant` in direct chats and on mention, else `message`",
);
