/**
 * Asking for embeddings: several requests at once but not too many, each tried again while the failure may pass.
 * A provider that keeps failing is left alone for a while; meanwhile the second one is asked, or nobody.
 */
import { Fault, errorText } from "../../base/errors.ts";
import type { Clock } from "../../base/time.ts";
import { withDeadline } from "../../base/time.ts";
import { cut } from "../../base/text.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Provider, Providers } from "./_providers.ts";
import type { SearchConfig } from "./_settings.ts";

const TRIES = 3;
const FIRST_WAIT_MS = 500;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;
/** How long a provider is waited for that says when to come back; less where there is a second one. */
const LONGEST_WAIT_MS = 65_000;
const LONGEST_WAIT_BESIDE_MS = 2000;
const LONGEST_TOLD_MS = 24 * 3_600_000;
/** Characters; shorter texts are not made shorter. */
const SHORTEST = 250;
const HOSTED_MS = 120_000;
const LOCAL_MS = 600_000;

type Kind = "query" | "document";
type Vectors = readonly (readonly number[])[];

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
  /** With it another login of a provider stands in for one that fails. */
  readonly config?: ConfigSnapshot;
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
    kind: Kind,
    signal: AbortSignal,
  ): Promise<{ floats: Float32Array; dimensions: number }> {
    try {
      const found = flat(await this.#bySize(provider, texts, kind, signal));
      this.#resting.delete(provider.fingerprint);
      return found;
    } catch (error) {
      if (!signal.aborted) this.#rest(provider, error);
      throw error;
    }
  }

  /** A request that is refused is made again in halves, and a text that is refused alone with its beginning. */
  async #bySize(provider: Provider, texts: readonly string[], kind: Kind, signal: AbortSignal): Promise<Vectors> {
    try {
      return await this.#patiently(provider, texts, kind, signal);
    } catch (error) {
      const isRefused = error instanceof Fault && error.code === "EMBEDDINGS_REFUSED";
      if (signal.aborted || !isRefused || kind === "query") throw error;
      const [only = ""] = texts;
      const half = Math.ceil((texts.length > 1 ? texts.length : only.length) / 2);
      if (texts.length > 1) {
        const before = await this.#bySize(provider, texts.slice(0, half), kind, signal);
        return [...before, ...(await this.#bySize(provider, texts.slice(half), kind, signal))];
      }
      if (half < SHORTEST) throw error;
      return this.#bySize(provider, [cut(only, half)], kind, signal);
    }
  }

  async #patiently(provider: Provider, texts: readonly string[], kind: Kind, signal: AbortSignal): Promise<Vectors> {
    const { clock, providers } = this.#deps;
    const tries = kind === "query" ? 1 : TRIES;
    const most = providers.all.length > 1 ? LONGEST_WAIT_BESIDE_MS : LONGEST_WAIT_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(provider, texts, kind, signal);
      } catch (error) {
        if (signal.aborted || attempt >= tries || !mayPass(error)) throw error;
        const wait = Math.max(FIRST_WAIT_MS * 2 ** (attempt - 1), error.retryAfterMs ?? 0);
        if (wait > most) throw error;
        await clock.sleep(wait, signal);
      }
    }
  }

  async #once(provider: Provider, texts: readonly string[], kind: Kind, signal: AbortSignal): Promise<Vectors> {
    const { clock, models, search, config } = this.#deps;
    const seconds = search.sync.embeddingBatchTimeoutSeconds;
    const ms = seconds === undefined ? (provider.isLocal ? LOCAL_MS : HOSTED_MS) : seconds * 1000;
    const stop = new AbortController();
    const inputType = (kind === "query" ? search.queryInputType : search.documentInputType) ?? search.inputType;
    const endpoint = await provider.now();
    const { vectors } = await withDeadline(
      clock,
      ms,
      models.embed({
        endpoint,
        input: texts,
        kind,
        ...(config === undefined ? {} : { config }),
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
    return vectors;
  }

  #restOf(provider: Provider): Rest | undefined {
    const rest = this.#resting.get(provider.fingerprint);
    return rest && rest.until > this.#deps.clock.monotonic() ? rest : undefined;
  }

  /** As long as the provider says where it says so, else longer each time. */
  #rest(provider: Provider, error: unknown): void {
    const before = this.#resting.get(provider.fingerprint);
    const longer = before === undefined ? FIRST_REST_MS : Math.min(before.ms * 2, LONGEST_REST_MS);
    const told = error instanceof Fault ? error.retryAfterMs : undefined;
    const ms = told === undefined ? longer : Math.min(Math.max(told, 1000), LONGEST_TOLD_MS);
    const until = this.#deps.clock.monotonic() + ms;
    this.#resting.set(provider.fingerprint, { until, ms: longer, reason: errorText(error) });
  }
}

/** A limit, a login that rests, a server that broke: not a key or a request that is wrong. */
function mayPass(error: unknown): error is Fault {
  return error instanceof Fault && (error.retryable || error.code === "PROFILES_UNAVAILABLE");
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
