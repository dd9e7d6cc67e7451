/**
 * Shortening of old tool results in what the model is shown, before each call; the transcript stays whole.
 *
 * Providers keep the prefix of a request only while its bytes stay the same. So what was shortened once stays
 * as it is, the same object, and the next pass waits until the view has grown by a twentieth of the window:
 * between two passes every request is the last one with something added.
 */
import { wildcard } from "../../base/pattern.ts";
import { cut } from "../../base/text.ts";
import { textOf } from "../../contracts/message.ts";
import type { Message, ToolResultMessage } from "../../contracts/message.ts";

export interface PruneSettings {
  readonly mode: "off" | "adaptive" | "aggressive" | "cache-ttl";
  readonly keepLastAssistants: number;
  readonly softTrimRatio: number;
  readonly hardClearRatio: number;
  readonly minPrunableToolChars: number;
  readonly softTrim: { readonly maxChars: number; readonly headChars: number; readonly tailChars: number };
  readonly hardClear: { readonly enabled: boolean; readonly placeholder: string };
  readonly tools?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  /** `cache-ttl`: pause after which the provider's cache is taken to be gone. */
  readonly ttlMs: number;
}

export interface PruneSituation {
  /** Characters of the window: four for a token. */
  readonly windowChars: number;
  readonly now: number;
  /** Whether the provider keeps prefixes for a time: `cache-ttl` works for no other. */
  readonly cachesByTime: boolean;
}

/** What earlier passes came to. Belongs to one conversation. */
export class PruneState {
  /** By the message as it stands in the transcript. */
  readonly replaced = new WeakMap<Message, ToolResultMessage>();
  /** Characters of the view after the last pass. */
  passedAt = Number.NEGATIVE_INFINITY;
}

const STEP = 1 / 20;
const TRIMMED = "[Tool result trimmed: kept first ";

/** The same messages; what was shortened is replaced. Never longer, never fewer. */
export function prune(
  messages: readonly Message[],
  settings: PruneSettings,
  { state, ...situation }: PruneSituation & { readonly state: PruneState },
): readonly Message[] {
  if (settings.mode === "off") return messages;
  const view = messages.map((message) => state.replaced.get(message) ?? message);
  const chars = view.reduce((sum, message) => sum + charsOf(message), 0);
  if (!isDue(view, chars, settings, { state, ...situation })) return view;
  const pass = new Pass(messages, view, settings, state);
  if (settings.mode === "aggressive") pass.clear(Number.NEGATIVE_INFINITY, chars);
  else {
    const trimmed = pass.trim(chars);
    const limit = settings.hardClearRatio * situation.windowChars;
    const clears = settings.hardClear.enabled && trimmed > limit && pass.prunable() >= settings.minPrunableToolChars;
    state.passedAt = clears ? pass.clear(limit, trimmed) : trimmed;
  }
  return view;
}

function isDue(
  view: readonly Message[],
  chars: number,
  { mode, softTrimRatio, ttlMs }: PruneSettings,
  { state, windowChars, now, cachesByTime }: PruneSituation & { readonly state: PruneState },
): boolean {
  if (mode === "aggressive") return true;
  if (chars <= softTrimRatio * windowChars) return false;
  if (mode === "adaptive") return chars >= state.passedAt + STEP * windowChars;
  const last = view.findLast(({ role }) => role === "assistant");
  return cachesByTime && last !== undefined && now - last.timestamp > ttlMs;
}

/** One look at everything that may be shortened. Changes `view` in place. */
class Pass {
  readonly #messages: readonly Message[];
  readonly #view: Message[];
  readonly #settings: PruneSettings;
  readonly #state: PruneState;
  /** Places, oldest first. */
  readonly #eligible: readonly number[];

  constructor(messages: readonly Message[], view: Message[], settings: PruneSettings, state: PruneState) {
    this.#messages = messages;
    this.#view = view;
    this.#settings = settings;
    this.#state = state;
    this.#eligible = eligible(view, settings);
  }

  /** Shortens long results; returns the characters of the view afterwards. */
  trim(chars: number): number {
    let left = chars;
    for (const at of this.#eligible) {
      const result = this.#view[at] as ToolResultMessage;
      const text = trimmed(textOf(result), this.#settings.softTrim);
      if (text !== undefined) left -= this.#replace(at, result, text);
    }
    return left;
  }

  /** Characters that clearing could still take away. */
  prunable(): number {
    return this.#eligible.reduce((sum, at) => sum + charsOf(this.#view[at]!), 0);
  }

  /** Replaces results, oldest first, until at most `limit` characters are left; returns what is left. */
  clear(limit: number, chars: number): number {
    const { placeholder } = this.#settings.hardClear;
    let left = chars;
    for (const at of this.#eligible) {
      if (left <= limit) break;
      const result = this.#view[at] as ToolResultMessage;
      if (charsOf(result) > placeholder.length) left -= this.#replace(at, result, placeholder);
    }
    return left;
  }

  #replace(at: number, result: ToolResultMessage, text: string): number {
    const shorter: ToolResultMessage = { ...result, content: [{ type: "text", text }] };
    this.#view[at] = shorter;
    this.#state.replaced.set(this.#messages[at]!, shorter);
    return charsOf(result) - charsOf(shorter);
  }
}

/** Places of results that may be shortened: after the first user message, before the answers that stay whole. */
function eligible(view: readonly Message[], { keepLastAssistants, tools }: PruneSettings): number[] {
  const first = view.findIndex(({ role }) => role === "user");
  const end = cutOff(view, keepLastAssistants);
  if (first < 0) return [];
  const isMeant = toolRule(tools);
  const places: number[] = [];
  for (let at = first + 1; at < end; at += 1) {
    const message = view[at]!;
    if (message.role !== "toolResult" || !isMeant(message.toolName)) continue;
    if (message.content.every(({ type }) => type === "text")) places.push(at);
  }
  return places;
}

/** Place of the `keep`-th answer from the end; 0 when there are fewer, so that nothing is before it. */
function cutOff(view: readonly Message[], keep: number): number {
  let left = keep;
  for (let at = view.length; at > 0; at -= 1) {
    if (left === 0) return at;
    if (view[at - 1]!.role === "assistant") left -= 1;
    if (left === 0) return at - 1;
  }
  return 0;
}

function toolRule(tools: PruneSettings["tools"]): (name: string) => boolean {
  const allow = (tools?.allow ?? []).map(wildcard);
  const deny = (tools?.deny ?? []).map(wildcard);
  return (name) => !deny.some((fits) => fits(name)) && (allow.length === 0 || allow.some((fits) => fits(name)));
}

/** Undefined for a text that stays whole. */
function trimmed(text: string, { maxChars, headChars, tailChars }: PruneSettings["softTrim"]): string | undefined {
  if (text.length <= maxChars || headChars + tailChars >= text.length) return undefined;
  const head = cut(text, headChars);
  const tail = tailChars === 0 ? "" : text.slice(-tailChars).replace(/^[\udc00-\udfff]/, "");
  const note = `${TRIMMED}${headChars} chars and last ${tailChars} chars of ${text.length} chars.]`;
  const shorter = `${head}\n...\n${tail}\n\n${note}`;
  return shorter.length < text.length && !isTrimmed(text) ? shorter : undefined;
}

function isTrimmed(text: string): boolean {
  return text.endsWith("]") && text.lastIndexOf(TRIMMED) > text.length - 200;
}

const counted = new WeakMap<Message, number>();

/** Characters of a message; pictures count nothing here. */
function charsOf(message: Message): number {
  let chars = counted.get(message);
  if (chars === undefined) counted.set(message, (chars = count(message)));
  return chars;
}

function count({ content }: Message): number {
  if (typeof content === "string") return content.length;
  let chars = 0;
  for (const part of content) {
    if (part.type === "text") chars += part.text.length;
    else if (part.type === "thinking") chars += part.thinking.length;
    else if (part.type === "toolCall") chars += part.name.length + JSON.stringify(part.arguments).length;
  }
  return chars;
}
