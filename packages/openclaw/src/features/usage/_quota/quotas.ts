/** Asks every provider that has a credential here, at most once a minute, each with its own deadline. */
import { errorText } from "../../../base/errors.ts";
import type { Fetch } from "../../../base/fetch.ts";
import { record } from "../../../base/record.ts";
import { plainLine, shortened } from "../../../base/text.ts";
import type { Clock } from "../../../base/time.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { ModelsService } from "../../../models/index.ts";
import { QUOTA_SOURCES } from "./sources.ts";
import type { ProviderQuota, QuotaSource } from "./quota.ts";

export interface Quotas {
  readonly updatedAt: number;
  readonly providers: readonly ProviderQuota[];
}

export interface QuotaDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly models: Pick<ModelsService, "access">;
}

const FRESH_MS = 60_000;
const DEADLINE_MS = 5000;
const MAX_BYTES = 256 * 1024;

export class QuotaBook {
  readonly #deps: QuotaDeps;
  #last: Quotas | undefined;
  #asking: Promise<Quotas> | undefined;

  constructor(deps: QuotaDeps) {
    this.#deps = deps;
  }

  /** What was told last, however old; undefined before the first answer. Asks for nothing. */
  get known(): Quotas | undefined {
    return this.#last;
  }

  /** Never rejects: what fails is told with its provider. */
  async read(config: ConfigSnapshot): Promise<Quotas> {
    const age = this.#last === undefined ? Number.POSITIVE_INFINITY : this.#deps.clock.now() - this.#last.updatedAt;
    if (this.#last && age >= 0 && age < FRESH_MS) return this.#last;
    this.#asking ??= this.#ask(config).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(config: ConfigSnapshot): Promise<Quotas> {
    const told = await Promise.all(QUOTA_SOURCES.map((source) => asked(this.#deps, source, config)));
    const providers = told.filter((quota) => quota !== undefined);
    this.#last = { updatedAt: this.#deps.clock.now(), providers };
    return this.#last;
  }
}

/** Undefined where there is no credential, or none with a plan. */
async function asked(deps: QuotaDeps, source: QuotaSource, config: ConfigSnapshot): Promise<ProviderQuota | undefined> {
  const { provider, displayName } = source;
  const access = await deps.models.access(provider, config).catch(() => undefined);
  const request = access?.apiKey === undefined ? undefined : source.request(access);
  if (!request) return undefined;
  try {
    const answer = await fetched(deps, request);
    const { windows, plan } = source.read(answer);
    if (windows.length === 0 && plan === undefined) return undefined;
    return { provider, displayName, windows, ...(plan === undefined ? {} : { plan }) };
  } catch (error) {
    return { provider, displayName, windows: [], error: shortened(plainLine(errorText(error)), 200) };
  }
}

async function fetched(
  { fetch, clock }: QuotaDeps,
  { url, headers, body }: NonNullable<ReturnType<QuotaSource["request"]>>,
): Promise<Readonly<Record<string, unknown>>> {
  const late = new AbortController();
  const cancel = clock.timer(DEADLINE_MS, () => late.abort(new Error("no answer in time")));
  try {
    const response = await fetch(url, {
      ...(body === undefined ? {} : { method: "POST", body }),
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      signal: late.signal,
      connectTimeoutMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
      egress: { origin: new URL(url).origin },
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(response.status === 401 ? "the login is not accepted (HTTP 401)" : `HTTP ${response.status}`);
    }
    return record(await response.json());
  } finally {
    cancel();
  }
}
