/**
 * Asking for embeddings: several requests at once but not too many, each tried again while the failure may pass.
 * A provider that keeps failing is left alone for a while; meanwhile the second one is asked, or nobody.
 */
import { Fault, errorText } from "../../base/errors.ts";
import type { Clock } from "../../base/time.ts";
import { withDeadline } from "../../base/time.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Provider, Providers } from "./_providers.ts";
import type { SearchConfig } from "./_settings.ts";

const TRIES = 3;
const FIRST_WAIT_MS = 500;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;
const HOSTED_MS = 120_000;
const LOCAL_MS = 600_000;

export interface Choice {
  readonly provider: Provider;
  readonly fallback?: { readonly from: string; readonly reason: string };
}

interface Rest {
  readonly until: number;
  readonly ms: number;
  readonly reason: string;
}

export interface EmbedderDeps {
  readonly clock: Clock;
  readonly models: Pick<ModelsService, "embed">;
  readonly providers: Providers;
  readonly search: SearchConfig;
}

export class Embedders {
  readonly #deps: EmbedderDeps;
  readonly #resting = new Map<string, Rest>();

  constructor(deps: EmbedderDeps) {
    this.#deps = deps;
  }

  get fingerprints(): string[] {
    return this.#deps.providers.all.map(({ fingerprint }) => fingerprint);
  }

  /** Who is to be asked now, or why nobody is. */
  choice(): Choice | string {
    const { all, reason } = this.#deps.providers;
    const [first] = all;
    if (!first) return reason ?? "no provider";
    const ready = all.find((provider) => !this.#restOf(provider));
    if (!ready) return `${first.label}: ${this.#restOf(first)?.reason ?? "it does not answer"}`;
    if (ready === first) return { provider: first };
    return { provider: ready, fallback: { from: first.id, reason: this.#restOf(first)?.reason ?? "" } };
  }

  /** Embeddings of texts, one after another in one array. Rejects with what was wrong last; then the provider rests. */
  async embed(
    provider: Provider,
    texts: readonly string[],
    kind: "query" | "document",
    signal: AbortSignal,
  ): Promise<{ floats: Float32Array; dimensions: number }> {
    try {
      const found = await this.#patiently(provider, texts, kind, signal);
      this.#resting.delete(provider.fingerprint);
      return found;
    } catch (error) {
      if (!signal.aborted) this.#rest(provider, errorText(error));
      throw error;
    }
  }

  async #patiently(
    provider: Provider,
    texts: readonly string[],
    kind: "query" | "document",
    signal: AbortSignal,
  ): Promise<{ floats: Float32Array; dimensions: number }> {
    const tries = kind === "query" ? 1 : TRIES;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(provider, texts, kind, signal);
      } catch (error) {
        if (signal.aborted || attempt >= tries || !(error instanceof Fault && error.retryable)) throw error;
        await this.#deps.clock.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), signal);
      }
    }
  }

  async #once(
    provider: Provider,
    texts: readonly string[],
    kind: "query" | "document",
    signal: AbortSignal,
  ): Promise<{ floats: Float32Array; dimensions: number }> {
    const { clock, models, search } = this.#deps;
    const seconds = search.sync.embeddingBatchTimeoutSeconds;
    const ms = seconds === undefined ? (provider.isLocal ? LOCAL_MS : HOSTED_MS) : seconds * 1000;
    const stop = new AbortController();
    const inputType = (kind === "query" ? search.queryInputType : search.documentInputType) ?? search.inputType;
    const { vectors } = await withDeadline(
      clock,
      ms,
      models.embed({
        endpoint: provider.endpoint,
        input: texts,
        ...(search.outputDimensionality === undefined ? {} : { dimensions: search.outputDimensionality }),
        ...(inputType === undefined ? {} : { inputType }),
        signal: AbortSignal.any([signal, stop.signal]),
      }),
      () => {
        const late = new Error(`${provider.label} has not answered for ${Math.round(ms / 1000)} s`);
        stop.abort(late);
        return late;
      },
    );
    return flat(vectors);
  }

  #restOf(provider: Provider): Rest | undefined {
    const rest = this.#resting.get(provider.fingerprint);
    return rest && rest.until > this.#deps.clock.monotonic() ? rest : undefined;
  }

  #rest(provider: Provider, reason: string): void {
    const before = this.#resting.get(provider.fingerprint);
    const ms = before === undefined ? FIRST_REST_MS : Math.min(before.ms * 2, LONGEST_REST_MS);
    this.#resting.set(provider.fingerprint, { until: this.#deps.clock.monotonic() + ms, ms, reason });
  }
}

function flat(vectors: readonly (readonly number[])[]): { floats: Float32Array; dimensions: number } {
  const dimensions = vectors[0]?.length ?? 0;
  const floats = new Float32Array(vectors.length * dimensions);
  for (const [at, vector] of vectors.entries()) {
    if (vector.length !== dimensions) throw new Error("the embeddings of one answer differ in length");
    floats.set(vector, at * dimensions);
  }
  return { floats, dimensions };
}
