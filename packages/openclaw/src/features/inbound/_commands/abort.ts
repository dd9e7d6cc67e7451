/** Words that stop what runs, without a slash: a whole message that is nothing else. Pure. */

/** `ambiguous`: it stops what runs, and is ordinary text when nothing does. */
export type AbortWord = "clear" | "ambiguous";

const CLEAR = [
  "stop",
  "abort",
  "arreter",
  "abandonner",
  "stop action",
  "stop current action",
  "stop run",
  "stop current run",
  "stop agent",
  "stop the agent",
  "stop openclaw",
  "openclaw stop",
  "stop don't do anything",
  "stop do not do anything",
  "stop doing anything",
  "please stop",
  "stop please",
];
const AMBIGUOUS = ["esc", "wait", "exit", "interrupt", "attendre", "sortie"];
const LONGEST = 64;

const WORDS: ReadonlyMap<string, AbortWord> = new Map<string, AbortWord>([
  ...CLEAR.map((word) => [word, "clear"] as const),
  ...AMBIGUOUS.map((word) => [word, "ambiguous"] as const),
]);

export function abortWord(message: string): AbortWord | undefined {
  if (message.length > 4 * LONGEST) return undefined;
  const text = message
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/(^|\s)@[\w.-]+/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.!?\u2026]+$/u, "")
    .replace(/,(?= )/g, "")
    .trim();
  return WORDS.get(text);
}
