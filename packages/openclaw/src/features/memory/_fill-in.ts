/**
 * Computing the embeddings that pieces lack. What is computed is stored batch by batch, so that ending at any point
 * loses one batch; when the provider goes away the rest stays without, is found by words, and is tried again later.
 */
import { errorText } from "../../base/errors.ts";
import type { Choice, Embedders } from "./_embedder.ts";
import type { IndexHost } from "./_host.ts";
import type { MemorySettings } from "./_settings.ts";

export interface FillInDeps {
  readonly host: IndexHost;
  readonly embedders: Embedders;
  readonly settings: MemorySettings;
  readonly signal: AbortSignal;
}

/** Texts of one request: an answer of so many is read without holding up the event loop. */
const TEXTS = 32;
const CHARS = 100_000;
const AT_ONCE = 4;
const PORTION = 512;

interface Text {
  readonly id: number;
  readonly hash: string;
  readonly text: string;
}

/** `note` says why some are still missing. */
export async function fillIn(deps: FillInDeps): Promise<{ embedded: number; note?: string }> {
  let embedded = 0;
  for (;;) {
    const choice = deps.embedders.choice();
    if (typeof choice === "string") return { embedded, note: choice };
    const { done, note } = await fillBy(deps, choice);
    embedded += done;
    if (note === undefined) {
      await deps.host.ask("prune", deps.settings, { most: deps.settings.cached, only: deps.embedders.fingerprints });
      return { embedded };
    }
    const next = deps.embedders.choice();
    if (deps.signal.aborted || typeof next === "string" || next.provider === choice.provider) return { embedded, note };
  }
}

async function fillBy(deps: FillInDeps, { provider }: Choice): Promise<{ done: number; note?: string }> {
  const { host, settings, signal } = deps;
  const { fingerprint, label } = provider;
  let done = 0;
  let note: string | undefined;
  for (let after = 0; note === undefined;) {
    const texts = await host.ask("pending", settings, { fingerprint, after, limit: PORTION });
    const last = texts.at(-1);
    if (last === undefined) break;
    after = last.id;
    const batches = batched(texts, provider.mostChars ?? CHARS);
    const work = async () => {
      for (let batch = batches.shift(); batch !== undefined && note === undefined; batch = batches.shift()) {
        try {
          signal.throwIfAborted();
          const { floats, dimensions } = await deps.embedders.embed(
            provider,
            batch.map(({ text }) => text),
            "document",
            signal,
          );
          const hashes = batch.map(({ hash }) => hash);
          await host.ask("keep", settings, { embedder: { fingerprint, label }, hashes, floats, dimensions });
          done += batch.length;
        } catch (error) {
          note ??= `${label}: ${errorText(error)}`;
        }
      }
    };
    const most = settings.search.remote?.nonBatchConcurrency ?? AT_ONCE;
    await Promise.all(Array.from({ length: Math.min(most, batches.length) }, work));
  }
  return { done, ...(note === undefined ? {} : { note }) };
}

function batched(texts: readonly Text[], most: number): Text[][] {
  const batches: Text[][] = [];
  let chars = 0;
  for (const text of texts) {
    const last = batches.at(-1);
    if (last && last.length < TEXTS && chars + text.text.length <= most) {
      last.push(text);
      chars += text.text.length;
    } else {
      batches.push([text]);
      chars = text.text.length;
    }
  }
  return batches;
}
