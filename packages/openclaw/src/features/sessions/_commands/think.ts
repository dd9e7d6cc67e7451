/** `/think`: how hard the model thinks. */
import { defineChat } from "../../../contracts/chat.ts";
import type { ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { errors } from "../errors.ts";
import { chosen } from "./chosen.ts";
import { store } from "./preference.ts";

/** As people say them. */
const SPOKEN: Readonly<Record<string, string>> = {
  off: "off",
  none: "off",
  on: "low",
  minimal: "minimal",
  min: "minimal",
  think: "minimal",
  low: "low",
  hard: "low",
  "think hard": "low",
  medium: "medium",
  med: "medium",
  mid: "medium",
  harder: "medium",
  "think harder": "medium",
  high: "high",
  highest: "high",
  ultra: "high",
  ultrathink: "high",
  "ultrathink+": "xhigh",
  xhigh: "xhigh",
  "x high": "xhigh",
  "extra high": "xhigh",
  adaptive: "adaptive",
  max: "max",
};
const CLEAR = "default";

/** The level that a word means; undefined for none. */
function thinkingOf(word: string): string | undefined {
  const text = word
    .trim()
    .toLowerCase()
    .replace(/[ _-]+/g, " ");
  return Object.hasOwn(SPOKEN, text) ? SPOKEN[text] : undefined;
}

export const think = defineChat({
  name: "think",
  aliases: ["thinking", "t"],
  summary: "How hard the model thinks",
  category: "options",
  args: [
    {
      name: "level",
      description: "How hard",
      choices: async ({ use, agentId, sessionKey = `agent:${agentId}:main` }) =>
        offered((await chosen({ use, agentId, sessionKey })).levels).map((value) => ({ value, label: value })),
    },
  ],
  directive: {
    takes: [...Object.keys(SPOKEN), CLEAR],
    forTurn: async (call) =>
      call.rest.toLowerCase() === CLEAR ? undefined : { thinking: await supported(call, thinkingOf(call.rest)) },
  },
  run: keep,
});

async function keep(call: ChatCommandCall): Promise<ChatOutcome> {
  const now = await chosen(call);
  const options = offered(now.levels);
  if (call.rest === "")
    return {
      reply: `Current thinking level: ${now.thinking}.\nOptions: ${options.join(", ")}.`,
      choices: rows(options.map((value) => ({ value: `/think ${value}`, label: value }))),
    };
  if (call.rest.toLowerCase() === CLEAR) {
    await store(call, { thinkingLevel: null });
    return { reply: `Thinking level back to the default: ${(await chosen(call)).thinking}.` };
  }
  const level = await supported(call, thinkingOf(call.rest));
  await store(call, { thinkingLevel: level });
  return { reply: level === "off" ? "Thinking disabled." : `Thinking level set to ${level}.` };
}

/** The level, when the session's model has it. Throws what there is instead; nothing has changed then. */
async function supported(call: ChatCommandCall, level: string | undefined): Promise<string> {
  const { levels, ref } = await chosen(call);
  const options = offered(levels).join(", ");
  if (level === undefined) throw errors.LEVEL_UNKNOWN({ label: "thinking level", word: call.rest, options });
  if (!offered(levels).includes(level)) throw errors.LEVEL_UNSUPPORTED({ level, model: ref, options });
  return level;
}

/** `adaptive` and `max` fit every model that thinks. */
function offered(levels: readonly string[] | undefined): readonly string[] {
  if (levels === undefined) return ["off", "minimal", "low", "medium", "high", "adaptive", "max"];
  return levels.length > 1 ? [...levels, "adaptive", "max"] : levels;
}

function rows<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / 4) }, (_, i) => all.slice(i * 4, i * 4 + 4));
}
