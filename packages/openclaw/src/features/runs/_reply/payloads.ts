/**
 * What is said at the end of a run, in order: reasoning, the texts of the answers as far as they were not said yet,
 * the failure, the usage. Pure.
 */
import { onOneLine } from "../../../base/text.ts";
import { takeDirections, restAfter, saidOf, type Payload } from "../../outbound/index.ts";
import type { PostPart } from "../../../store/index.ts";
import { toolFailure } from "./tool-line.ts";
import type { VerboseLevel } from "./settings.ts";

export interface Answered {
  /** What people see of it, directions included (`visibleText`). */
  readonly text: string;
  readonly thoughts: readonly string[];
}

export interface ToolFailed {
  readonly name: string;
  readonly reason: string;
  /** It was to change something (a file, a setting, a message sent) and was not tried again with success. */
  readonly matters: boolean;
}

/** What a tool said to people in this run, at the place where the answer goes. */
export interface Told {
  readonly text?: string | undefined;
  readonly media?: readonly string[] | undefined;
}

export interface Assembly {
  readonly answers: readonly Answered[];
  /** Of earlier attempts, and of blocks posted by this one. */
  readonly parts: readonly PostPart[];
  readonly told: readonly Told[];
  readonly failures: readonly ToolFailed[];
  /** One sentence for the person; absent when the run ended well, or nobody is to hear of it. */
  readonly error: string | undefined;
  readonly footer: string | undefined;
  readonly reasoning: boolean;
  readonly verbose: VerboseLevel;
  /** Blocks are posted in this run; reasoning went out with them. */
  readonly streamed: boolean;
}

export function assemble(assembly: Assembly): Payload[] {
  const { answers, error, footer, reasoning, streamed, told } = assembly;
  const thoughts = reasoning && !streamed ? reasoningText(answers.flatMap((answer) => answer.thoughts)) : undefined;
  const texts = textsOf(assembly);
  const visible =
    error !== undefined ||
    texts.length > 0 ||
    assembly.parts.length > 0 ||
    told.some((one) => (one.text ?? "").trim() !== "" || (one.media?.length ?? 0) > 0);
  const said = [...texts, ...failureLines(assembly, visible), ...(error === undefined ? [] : [plain(`⚠️ ${error}`)])];
  const whole = footer === undefined ? said : withFooter(said, footer, visible);
  return [...(thoughts === undefined || whole.length === 0 ? [] : [plain(thoughts)]), ...whole];
}

/** `Reasoning:` and the thoughts, each line set off from what is said. */
export function reasoningText(thoughts: readonly string[]): string | undefined {
  const text = thoughts.join("\n\n").trim();
  if (text === "") return undefined;
  const lines = text.split("\n").map((line) => (line.trim() === "" ? "" : `_${line.trim().replaceAll("_", "\\_")}_`));
  return ["Reasoning:", ...lines].join("\n");
}

function textsOf({ answers, parts, told }: Assembly): Payload[] {
  const payloads: Payload[] = [];
  const known = told.flatMap(({ text }) => (text === undefined ? [] : [onOneLine(takeDirections(text).text)]));
  const files = new Set(told.flatMap(({ media }) => media ?? []));
  let before: string | undefined;
  for (const [n, { text: raw }] of answers.entries()) {
    const own = parts.filter(({ answer }) => answer === n);
    const { text, media, ...directions } = takeDirections(raw);
    const sent = new Set([...files, ...own.flatMap((part) => part.media ?? [])]);
    const rest = restAfter(text, saidOf(text, own)).trim();
    const fresh = media.filter((source) => !sent.has(source));
    const repeated = rest !== "" && (known.includes(onOneLine(rest)) || onOneLine(rest) === before);
    before = rest === "" ? before : onOneLine(rest);
    const shown = repeated ? "" : rest;
    for (const source of fresh) files.add(source);
    if (shown !== "" || fresh.length > 0)
      payloads.push({ text: shown, plain: true, directions: { ...directions, media: fresh } });
  }
  return payloads;
}

/** A failure is told when nothing else would be, and when something that was to change did not. */
function failureLines({ failures, verbose }: Assembly, visible: boolean): Payload[] {
  const last = failures.at(-1);
  const worth = visible ? failures.filter(({ matters }) => matters) : last ? [last] : [];
  // With verbose on, each one had a bubble of its own.
  if (visible && verbose !== "off") return [];
  return worth.map(({ name, reason }) => plain(toolFailure(name, verbose === "off" ? undefined : reason)));
}

function withFooter(said: readonly Payload[], footer: string, visible: boolean): Payload[] {
  const last = said.at(-1);
  if (last && last.text !== "") return [...said.slice(0, -1), { ...last, text: `${last.text}\n\n${footer}` }];
  return visible ? [...said, plain(footer)] : [...said];
}

function plain(text: string): Payload {
  return { text, plain: true };
}
