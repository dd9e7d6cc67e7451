/**
 * What came in becomes words, before the message is read: a voice note can be a command, and a model that does not see
 * knows what a picture shows. For each capability, as many at once as allowed:
 *
 * 1. Is it switched on, and for this chat? 2. Which files? 3. Pictures that the model sees itself are left to it.
 * 4. Each entry in its order: too large, without a key, failed, too slow or silent means the next.
 *
 * What was understood is kept with the file, so a repeated attempt costs nothing. Nothing here rejects.
 */
import { sha256 } from "../../../base/ids.ts";
import { compact, cut } from "../../../base/text.ts";
import type { Usage } from "../../../contracts/message.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { Models } from "../../../models/index.ts";
import type { StoredMedia } from "../_store.ts";
import { detected } from "./detect.ts";
import { TooLarge, look, reasonOf, timeoutOf } from "./look.ts";
import type { Eyes, LookDeps, Seen } from "./look.ts";
import { chosen, inScope } from "./select.ts";
import { CAPABILITIES, concurrencyOf, settingsFor } from "./settings.ts";
import type { Capability, CapabilitySettings, Entry } from "./settings.ts";

/** Where a message came from, and who will answer it. */
export interface Situation {
  readonly config: ConfigSnapshot;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly channel: string;
  readonly chatType: string;
  /** Provider of the model that will answer. */
  readonly provider?: string;
  readonly seesImages: boolean;
  /** Further values for the templates of programs. */
  readonly values?: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly capability: Capability;
  readonly state: "ok" | "skipped" | "failed";
  readonly reason?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly chars?: number;
  /** What was spent this time. */
  readonly usage?: Usage;
  readonly ms?: number;
}

export interface Understood {
  readonly outcomes: readonly Outcome[];
  /** What was said in the sound; absent when nothing was understood. */
  readonly transcript?: string;
  /** The message as the agent reads it: the words that were written, and what the files say. */
  body(words: string): string;
  /** `image ok (openai/gpt-5.2) · audio skipped (maxBytes)`; empty when there is nothing to tell. */
  readonly line: string;
}

interface Found {
  readonly file: StoredMedia;
  readonly capability: Capability;
  readonly text: string;
}

/** Sound that is shorter says nothing. */
const SHORTEST_AUDIO = 1024;
/** All entries of a capability together, in times of its own limit. */
const PATIENCE = 2.5;

export async function understand(
  deps: LookDeps,
  files: readonly StoredMedia[],
  situation: Situation,
): Promise<Understood | undefined> {
  const outcomes: Outcome[] = [];
  const found: Found[] = [];
  const waiting = CAPABILITIES.filter((capability) => files.some(({ kind }) => kind === capability));
  const next = async (): Promise<void> => {
    for (let capability = waiting.shift(); capability !== undefined; capability = waiting.shift()) {
      const came = await capabilityOf(deps, files, { capability, situation });
      outcomes.push(...came.outcomes);
      found.push(...came.found);
    }
  };
  await Promise.all(Array.from({ length: concurrencyOf(situation.config) }, next));
  if (outcomes.length === 0) return undefined;
  const inOrder = files.flatMap((file) => found.filter((one) => one.file === file));
  const spoken = inOrder.filter(({ capability }) => capability === "audio").map(({ text }) => text);
  return {
    outcomes,
    ...(spoken.length === 0 ? {} : { transcript: spoken.join("\n") }),
    body: (words) => bodyOf(inOrder, words),
    line: outcomes.map(lineOf).join(" · "),
  };
}

interface Came {
  readonly outcomes: readonly Outcome[];
  readonly found: readonly Found[];
}

async function capabilityOf(
  deps: LookDeps,
  files: readonly StoredMedia[],
  { capability, situation }: { readonly capability: Capability; readonly situation: Situation },
): Promise<Came> {
  const settings = settingsFor(situation.config, capability);
  if (settings.enabled === false) return { outcomes: [], found: [] };
  const named = settings.models.length > 0;
  const own = chosen(files, capability, settings);
  // Nobody set anything up: a voice note is heard all the same where somebody can.
  const mine = named || settings.enabled === true ? own : own.filter(({ isVoice }) => isVoice === true);
  if (mine.length === 0) return { outcomes: [], found: [] };
  const skipped = (reason: string): Came => ({ outcomes: [{ capability, state: "skipped", reason }], found: [] });
  if (!inScope(settings, situation)) return skipped("scope");
  if (capability === "image" && situation.seesImages) return skipped("native");
  const entries = named ? settings.models : await found(deps, capability, situation);
  if (entries.length === 0)
    return named || settings.enabled === true ? skipped("no model") : { outcomes: [], found: [] };
  const outcomes: Outcome[] = [];
  const texts: Found[] = [];
  for (const file of mine) {
    const { outcome, text } = await one(deps, { capability, settings, entries, file, situation });
    outcomes.push(outcome);
    if (text !== undefined) texts.push({ file, capability, text });
  }
  return { outcomes, found: texts };
}

async function found(deps: LookDeps, capability: Capability, situation: Situation): Promise<readonly Entry[]> {
  const { config, agentId, provider } = situation;
  const models = await deps.use(Models);
  return detected(capability, { platform: deps.platform, models, config, agentId, provider });
}

/** One file for one entry. */
export interface Attempt {
  readonly capability: Capability;
  readonly settings: CapabilitySettings;
  readonly file: StoredMedia;
  readonly situation: Pick<Situation, "config" | "agentId" | "values" | "signal">;
}

interface Task extends Attempt {
  readonly entries: readonly Entry[];
  readonly situation: Situation;
}

async function one(deps: LookDeps, task: Task): Promise<{ readonly outcome: Outcome; readonly text?: string }> {
  const { capability, settings, entries, file, situation } = task;
  const { clock } = deps.platform;
  if (capability === "audio" && file.bytes < SHORTEST_AUDIO)
    return { outcome: { capability, state: "skipped", reason: "empty" } };
  const began = clock.monotonic();
  const key = `${capability}:${sha256(JSON.stringify([settings, entries])).slice(0, 16)}`;
  const known = (await deps.files.understood(file.id, key)) as Seen | undefined;
  if (known) return told(capability, { ...known, usage: undefined }, 0);
  let reason = "";
  let tooLarge = true;
  for (const entry of entries) {
    if (situation.signal.aborted || clock.monotonic() - began > PATIENCE * settings.timeoutSeconds * 1000) break;
    try {
      const seen = await attempt(deps, task, entry);
      await deps.files.remember(file.id, key, seen).catch(() => undefined);
      return told(capability, seen, clock.monotonic() - began);
    } catch (error) {
      reason = reasonOf(error);
      tooLarge &&= error instanceof TooLarge;
    }
  }
  if (tooLarge) return { outcome: { capability, state: "skipped", reason: "maxBytes" } };
  deps.log.warn("a file was not understood", { capability, media: file.id, reason });
  return { outcome: { capability, state: "failed", reason, ms: Math.round(clock.monotonic() - began) } };
}

/** Within the limits of the entry in bytes and time. Throws why there are no words. */
export async function attempt(deps: Eyes, task: Attempt, entry: Entry): Promise<Seen> {
  const { capability, settings, file, situation } = task;
  if (file.bytes > (entry.maxBytes ?? settings.maxBytes)) throw new TooLarge();
  const late = new AbortController();
  const ms = timeoutOf({ entry, settings });
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const cancel = deps.platform.clock.timer(ms, () => {
    const error = new Error(`no answer within ${ms / 1000} s`);
    late.abort(error);
    reject(error);
  });
  const { config, agentId, values = {} } = situation;
  const signal = AbortSignal.any([late.signal, situation.signal]);
  try {
    const looking = look(deps, { capability, settings, entry, file, config, agentId, values, signal });
    const seen = await Promise.race([looking, overdue]);
    const text = trimmed(seen.text, entry.maxChars ?? settings.maxChars);
    if (text === "") throw new Error("the answer was empty");
    return { ...seen, text };
  } finally {
    cancel();
  }
}

function trimmed(text: string, maxChars: number | undefined): string {
  const clean = text.trim();
  return maxChars === undefined ? clean : cut(clean, maxChars);
}

function told(
  capability: Capability,
  { text, provider, model, usage }: Omit<Seen, "usage"> & { readonly usage?: Usage | undefined },
  ms: number,
) {
  const more = compact({ model, usage });
  const outcome: Outcome = { capability, state: "ok", provider, ...more, chars: text.length, ms: Math.round(ms) };
  return { outcome, text };
}

const NAMES: Readonly<Record<Capability, readonly [title: string, what: string]>> = {
  image: ["Image", "Description"],
  audio: ["Audio", "Transcript"],
  video: ["Video", "Description"],
};

function bodyOf(found: readonly Found[], words: string): string {
  if (found.length === 0) return words;
  const written = words.trim() === "" ? [] : ["User text:", words];
  const blocks = found.map((one) => {
    const kin = found.filter(({ capability }) => capability === one.capability);
    const [title, what] = NAMES[one.capability];
    const label = kin.length === 1 ? `[${title}]` : `[${title} ${kin.indexOf(one) + 1}/${kin.length}]`;
    return [label, ...(found.length === 1 ? written : []), `${what}:`, one.text].join("\n");
  });
  return [...(found.length === 1 ? [] : written), ...blocks].join("\n");
}

function lineOf({ capability, state, reason, provider, model }: Outcome): string {
  const who = provider === undefined ? undefined : model === undefined ? provider : `${provider}/${model}`;
  const what = state === "ok" ? who : reason;
  return `${capability} ${state}${what === undefined || what === "" ? "" : ` (${cut(what, 120)})`}`;
}
