/** Directives that set one field of the session's row: alone they are kept, inside a message they hold for it only. */
import { defineChat } from "../../../contracts/chat.ts";
import type { ChatCommand, ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { Config } from "../../config/index.ts";
import { Sessions } from "../_service-tokens.ts";
import { errors } from "../errors.ts";

export interface Level {
  readonly value: string;
  /** What else it may be called. */
  readonly aliases?: readonly string[];
  /** As it is stored; default the value. */
  readonly stored?: unknown;
  /** What is said when it is set. */
  readonly said: string;
}

export interface Preference extends Pick<ChatCommand, "name" | "aliases" | "summary" | "level"> {
  /** Of the session's entry. */
  readonly field: string;
  /** In a sentence: `verbose level`. */
  readonly label: string;
  readonly levels: readonly Level[];
  /** Place of the default in the configuration. */
  readonly fallbackAt?: string;
  readonly fallback: string;
}

/** Words that make the default hold again. */
const CLEAR = ["default", "inherit", "reset"];

export function preference(given: Preference): ChatCommand {
  const { name, aliases, summary, level, levels } = given;
  const takes = [...levels.flatMap(spellings), ...CLEAR];
  return defineChat({
    name,
    ...(aliases === undefined ? {} : { aliases }),
    summary,
    ...(level === undefined ? {} : { level }),
    category: "options",
    args: [{ name: "level", description: summary, choices: levels.map(({ value }) => value) }],
    directive: {
      takes,
      forTurn: async (call) => {
        const found = levelOf(given, call.rest);
        return found === undefined ? undefined : { preferences: { [given.field]: storedOf(found) } };
      },
    },
    run: (call) => keep(given, call),
  });
}

async function keep(given: Preference, call: ChatCommandCall): Promise<ChatOutcome> {
  const { field, label, levels } = given;
  const word = call.rest.toLowerCase();
  const options = levels.map(({ value }) => value).join(", ");
  if (word === "" || word === "status") {
    const current = await currentOf(given, call);
    return { reply: `Current ${label}: ${current}.\nOptions: ${options}.`, choices: buttons(given) };
  }
  if (CLEAR.includes(word)) {
    await store(call, { [field]: null });
    return { reply: `${capital(label)} back to the default: ${await currentOf(given, call)}.` };
  }
  const found = levelOf(given, word);
  if (!found) throw errors.LEVEL_UNKNOWN({ label, word, options });
  await store(call, { [field]: storedOf(found) });
  return { reply: found.said };
}

/** Sets fields of the session's row, which is made when it is missing. */
export async function store(call: Pick<ChatCommandCall, "use" | "sessionKey">, set: Readonly<Record<string, unknown>>) {
  const sessions = await call.use(Sessions);
  await sessions.ensure(call.sessionKey);
  await sessions.patch(call.sessionKey, { set });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function buttons({ name, levels }: Preference) {
  return [levels.map(({ value }) => ({ value: `/${name} ${value}`, label: value }))];
}

function levelOf({ levels }: Preference, word: string): Level | undefined {
  return levels.find((level) => spellings(level).includes(word.toLowerCase()));
}

function spellings({ value, aliases = [] }: Level): readonly string[] {
  return [value, ...aliases];
}

function storedOf({ value, stored = value }: Level): unknown {
  return stored;
}

async function currentOf({ field, levels, fallbackAt, fallback }: Preference, call: ChatCommandCall): Promise<string> {
  const [row, config] = await Promise.all([
    call.use(Sessions).then((sessions) => sessions.get(call.sessionKey)),
    call.use(Config),
  ]);
  const stored = row?.entry[field];
  const known = stored === undefined ? undefined : levels.find((level) => storedOf(level) === stored)?.value;
  const general = fallbackAt === undefined ? undefined : config.current().at(fallbackAt);
  return known ?? (typeof general === "string" ? general : fallback);
}
