/** `/queue`: what messages do that come during a run, for this conversation or for one message. */
import { durationMs } from "../../../base/measure.ts";
import { formatDuration } from "../../../base/time.ts";
import { defineChat } from "../../../contracts/chat.ts";
import type { ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { Lanes } from "../_service-tokens.ts";
import { store } from "../_commands/preference.ts";
import { errors } from "../errors.ts";
import { parseDrop, parseMode } from "./settings.ts";
import type { QueueSettings } from "./settings.ts";

const MODES = ["collect", "followup", "steer", "steer-backlog", "interrupt"];
const DROPS = ["summarize", "old", "new"];
const CLEAR = ["default", "reset"];
const TAKES =
  /^(?:collect|followup|steer[-+]backlog|steer|interrupt|queue|default|reset)(?![\w+-])(?:\s+(?:debounce|cap|drop):\S+)*/i;

export const queue = defineChat({
  name: "queue",
  summary: "What messages do that come during a run",
  category: "options",
  args: [
    { name: "mode", description: "How they wait", choices: [...MODES, "default"] },
    { name: "options", description: "debounce:<time> cap:<number> drop:<policy>", captureRemaining: true },
  ],
  directive: {
    takes: TAKES,
    forTurn: async ({ rest }) => {
      const mode = parseMode(rest.split(/\s+/)[0]);
      return mode === undefined ? undefined : { queue: mode };
    },
  },
  run,
});

async function run(call: ChatCommandCall): Promise<ChatOutcome> {
  if (call.rest === "") return show(call);
  const words = call.rest.toLowerCase().split(/\s+/);
  if (words.length === 1 && CLEAR.includes(words[0] ?? "")) {
    await store(call, { queueMode: null, queueDebounceMs: null, queueCap: null, queueDrop: null });
    return { reply: `⚙️ Queue settings back to the default: ${inWords(await settings(call))}.` };
  }
  await store(call, Object.assign({}, ...words.map(wish)) as Record<string, unknown>);
  return { reply: `⚙️ Queue: ${inWords(await settings(call))}.` };
}

/** One word of the command as a field of the session's entry. Throws what it cannot read; nothing has changed then. */
function wish(word: string): Record<string, unknown> {
  const [, name, value = ""] = /^(debounce|cap|drop):(.*)$/.exec(word) ?? [];
  if (name === undefined) {
    const mode = parseMode(word);
    if (mode === undefined) throw unknown("queue mode", word, [...MODES, "default"]);
    return { queueMode: mode };
  }
  if (name === "debounce") {
    const ms = durationMs(value, "ms");
    if (ms === undefined || ms > MAX_DEBOUNCE_MS) throw unknown("queue debounce", value, ["500", "2s", "1m"]);
    return { queueDebounceMs: Math.round(ms) };
  }
  if (name === "cap") {
    const cap = /^\d{1,4}$/.test(value) ? Number(value) : 0;
    if (cap < 1) throw unknown("queue cap", value, ["a number from 1 on"]);
    return { queueCap: cap };
  }
  const drop = parseDrop(value);
  if (drop === undefined) throw unknown("queue drop policy", value, DROPS);
  return { queueDrop: drop };
}

const MAX_DEBOUNCE_MS = 3_600_000;

function unknown(label: string, word: string, options: readonly string[]): Error {
  return errors.LEVEL_UNKNOWN({ label, word, options: options.join(", ") });
}

async function show(call: ChatCommandCall): Promise<ChatOutcome> {
  const waiting = (await call.use(Lanes)).depth(call.sessionKey);
  return {
    reply: [
      `⚙️ Queue: ${inWords(await settings(call))}.`,
      ...(waiting > 0 ? [`Waiting now: ${waiting}.`] : []),
      `Modes: ${MODES.join(", ")}. Options: debounce:<time> cap:<number> drop:${DROPS.join("|")}. \`/queue default\` clears.`,
    ].join("\n"),
    choices: [MODES.map((mode) => ({ value: `/queue ${mode}`, label: mode }))],
  };
}

async function settings(call: ChatCommandCall): Promise<QueueSettings> {
  return (await call.use(Lanes)).queueSettings(call.sessionKey, call.address.channel);
}

function inWords({ mode, debounceMs, cap, drop }: QueueSettings): string {
  return `${mode} · debounce ${formatDuration(debounceMs)} · cap ${cap} · drop ${drop}`;
}
