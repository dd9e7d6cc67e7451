/**
 * The models that may answer, one after another: the first, then its fallbacks. Of each the logins of its provider.
 *
 * 1. The next model is opened: its key is looked for only now. One that cannot be called, or whose logins all pause, is
 *    passed over.
 * 2. It is asked. After a failure the next login of its provider is tried; then the same one again where that may
 *    help: once at once while other models are left, with pauses where it is the last hope.
 * 3. Then the next model. A chain remembers where it stands: who failed is not asked again for the same turn.
 * 4. At the end of the chain, models that only were overloaded are asked again while there is time, and of those that
 *    pause the ones whose pause is nearly over are tried all the same.
 */
import type { Clock } from "../base/time.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { Endpoint, ModelFailure } from "../contracts/model.ts";
import {
  asksForLessWindow,
  attemptOf,
  courseOf,
  pausedUntil,
  pauseBefore,
  refusalOf,
  roundPause,
} from "./_failover.ts";
import type { Attempt } from "./_failover.ts";
import type { ModelsService } from "./index.ts";

/** A model by its reference; opening it looks for address and login. */
export interface Candidate {
  readonly ref: string;
  /** Throws what `ModelsService.resolve` throws. `despite`: nothing else is left, a login that pauses may be tried. */
  open(despite?: boolean): Promise<Endpoint>;
  /** What is done to an endpoint of this model before it is asked, whatever its login. */
  prepare?(endpoint: Endpoint): Endpoint;
}

/** How one call went. */
export type Tried<T> =
  | { readonly value: T }
  | {
      readonly failure: ModelFailure;
      /** Somebody has seen a part of the answer: the same call cannot be made again. */
      readonly shown?: boolean;
      /** Nobody else can go on from here. */
      readonly final?: boolean;
    };

export interface Wait {
  readonly ms: number;
  /** For whom; absent when the whole chain is waited for. */
  readonly endpoint?: Endpoint;
  readonly reason: Attempt["reason"];
  readonly message: string;
}

export interface Pursuit<T> {
  readonly clock: Pick<Clock, "now" | "monotonic" | "sleep">;
  readonly signal: AbortSignal;
  /** Makes one call. `hasOthers`: models are left that may be asked after this one. */
  ask(endpoint: Endpoint, hasOthers: boolean): Promise<Tried<T>>;
  /** For one wait, ms. 0 = there is no waiting at all. */
  readonly longestWaitMs: number;
  /** For all of them. */
  leftMs(): number;
  /** Another model, or another login, takes over from what is told. */
  movesTo?(endpoint: Endpoint, attempts: readonly Attempt[]): void;
  waits?(wait: Wait): void;
  /** A model was passed over. */
  passed?(attempt: Attempt): void;
}

export type Found<T> =
  | { readonly value: T; readonly endpoint: Endpoint; readonly attempts: readonly Attempt[] }
  | {
      /** Of the first model that was asked, or of the one after which nobody else can be; undefined when none could be. */
      readonly failure: ModelFailure | undefined;
      readonly attempts: readonly Attempt[];
    };

type Models = Partial<Pick<ModelsService, "after" | "worked">>;

/** Logins of one model that are tried for one answer, whatever the settings say. */
const MOST_LOGINS = 10;

export class Chain {
  readonly #models: Models;
  readonly #config: ConfigSnapshot | undefined;
  readonly candidates: readonly Candidate[];
  readonly #opened = new Map<number, Endpoint>();
  /** Why the ones before `#at` are not asked. */
  readonly #left = new Map<number, Attempt>();
  #at = 0;
  /** The one that others know to be asked. */
  #told = 0;
  /** Passed over before anybody listened. */
  #unsaid: readonly Attempt[] = [];

  constructor(models: Models, candidates: readonly Candidate[], config?: ConfigSnapshot) {
    this.#models = models;
    this.candidates = candidates;
    this.#config = config;
  }

  /** The endpoint that is asked next; undefined before the first was opened. */
  get current(): Endpoint | undefined {
    return this.#opened.get(this.#at);
  }

  /** Why another model than the first one is asked; undefined where it is the first. */
  get reason(): Attempt | undefined {
    return this.#at === 0 ? undefined : this.#left.get(0);
  }

  /** The first reference. */
  get selected(): string | undefined {
    return this.candidates[0]?.ref;
  }

  /** All of it anew, from the model that is asked now. */
  again(): Chain {
    const rest = this.candidates.slice(this.#at);
    return new Chain(this.#models, rest, this.#config);
  }

  /** Whatever of it can be called, from the model that is asked now. */
  async endpoints(): Promise<readonly Endpoint[]> {
    const found: Endpoint[] = [];
    for (let at = this.#at; at < this.candidates.length; at += 1) {
      try {
        found.push(await this.#open(at, false));
      } catch {
        // It is told when its turn comes.
      }
    }
    return found;
  }

  /** The first that can be called. Throws what the only one throws; for several, `refused` makes the error. */
  async open(clock: Pick<Clock, "now">, refused: (attempts: readonly Attempt[]) => Error): Promise<Endpoint> {
    const attempts: Attempt[] = [];
    for (const despite of [false, true]) {
      for (this.#at = 0; this.#at < this.candidates.length; this.#at += 1) {
        if (despite && this.#left.get(this.#at)?.reason !== "cooldown") continue;
        try {
          return await this.#open(this.#at, despite);
        } catch (error) {
          const attempt = refusalOf(this.candidates[this.#at]?.ref ?? "", error, clock);
          if (this.candidates.length === 1 && (despite || attempt.reason !== "cooldown")) throw error;
          this.#left.set(this.#at, attempt);
          if (!despite) attempts.push(attempt);
          this.#unsaid = attempts;
        }
      }
    }
    throw refused(attempts);
  }

  /** Never throws but for what `ask` throws. */
  async answer<T>(pursuit: Pursuit<T>): Promise<Found<T>> {
    const attempts: Attempt[] = [...this.#left.values()];
    const begun = this.#at;
    for (const attempt of this.#unsaid) pursuit.passed?.(attempt);
    this.#unsaid = [];
    let only: ReadonlySet<number> | undefined;
    let failure: ModelFailure | undefined;
    for (let round = 0; ; round += 1) {
      const pass = new Pass(pursuit, attempts, round);
      for (; this.#at < this.candidates.length; this.#at += 1) {
        if (only !== undefined && !only.has(this.#at)) continue;
        const tried = await this.#model(pass);
        if (tried === undefined) continue;
        if ("value" in tried) return { ...tried, attempts };
        if (tried.final || pursuit.signal.aborted || !courseOf(tried.failure).next)
          return { failure: tried.failure, attempts };
        this.#left.set(this.#at, attempts.at(-1)!);
        if (tried.failure.class === "overloaded") pass.overloaded.add(this.#at);
        if (failure === undefined || this.#at === begun) failure = tried.failure;
      }
      this.#at = this.candidates.length - 1;
      only = await this.#goesAgain(pass, begun);
      if (only === undefined) return { failure, attempts: await this.#withPauses(attempts, pursuit.clock.now()) };
      this.#at = Math.min(...only);
    }
  }

  /** Undefined when it could not be called. */
  async #model<T>(
    pass: Pass<T>,
  ): Promise<{ value: T; endpoint: Endpoint } | Exclude<Tried<T>, { value: T }> | undefined> {
    const { pursuit, attempts } = pass;
    const opened = await this.#tryToOpen(pass);
    if (opened === undefined) return undefined;
    const hasOthers = pass.round === 0 && this.#at < this.candidates.length - 1;
    if (this.#at !== this.#told) pursuit.movesTo?.(opened, attempts);
    this.#told = this.#at;
    let endpoint = opened;
    let turned = 0;
    for (let nth = 0; ;) {
      const since = pursuit.clock.monotonic();
      const tried = await pursuit.ask(endpoint, hasOthers);
      if ("value" in tried) {
        this.#models.worked?.(endpoint);
        return { value: tried.value, endpoint };
      }
      const { failure } = tried;
      pass.shown ||= tried.shown === true;
      const ms = Math.round(pursuit.clock.monotonic() - since);
      attempts.push(attemptOf(endpoint, failure, { ms, now: pursuit.clock.now() }));
      if (tried.final || pursuit.signal.aborted) return tried;
      const { quick, patient } = courseOf(failure);
      const left = (tried.shown || pass.round > 0 ? 0 : hasOthers ? quick : patient) - nth;
      const again = async () => left > 0 && (await pause(pursuit, { endpoint, failure, nth, hasOthers }));
      // A hiccup of the server says nothing about the login: it is asked once more before the login pays for it.
      const isHiccup = failure.class === "server_error" || failure.class === "timeout";
      if (isHiccup && (await again())) nth += 1;
      else {
        const other = await this.#nextLogin(pass, endpoint, failure, turned);
        if (other !== undefined) {
          turned += 1;
          endpoint = other;
          pursuit.movesTo?.(endpoint, attempts);
        } else if (!isHiccup && (await again())) nth += 1;
        else return tried;
      }
    }
  }

  async #tryToOpen<T>(pass: Pass<T>): Promise<Endpoint | undefined> {
    const { pursuit, attempts } = pass;
    try {
      return await this.#open(this.#at, pass.round > 0);
    } catch (error) {
      const attempt = refusalOf(this.candidates[this.#at]?.ref ?? "", error, pursuit.clock);
      this.#left.set(this.#at, attempt);
      attempts.push(attempt);
      pursuit.passed?.(attempt);
      return undefined;
    }
  }

  async #nextLogin<T>(
    { pursuit, told }: Pass<T>,
    endpoint: Endpoint,
    failure: ModelFailure,
    turned: number,
  ): Promise<Endpoint | undefined> {
    if (!this.#models.after || this.#config === undefined || asksForLessWindow(failure)) return undefined;
    const known = told.get(endpoint) ?? new Set();
    if (known.has(failure.class)) return undefined;
    told.set(endpoint, known.add(failure.class));
    const other = await this.#models.after(endpoint, failure, this.#config);
    if (other === undefined || turned >= MOST_LOGINS || pursuit.signal.aborted) return undefined;
    const ready = this.candidates[this.#at]?.prepare?.(other) ?? other;
    this.#opened.set(this.#at, ready);
    return ready;
  }

  /** The ones to be asked once more, perhaps after a wait. */
  async #goesAgain<T>(
    { pursuit, overloaded, shown, attempts, round }: Pass<T>,
    begun: number,
  ): Promise<ReadonlySet<number> | undefined> {
    if (shown || pursuit.signal.aborted) return undefined;
    const pausing = [...this.#left].flatMap(([at, { reason }]) => (reason === "cooldown" ? [at] : []));
    const asked = this.candidates.length - begun - pausing.filter((at) => at >= begun).length;
    const ms = overloaded.size > 0 && overloaded.size === asked ? roundPause(round) : undefined;
    const message = attempts.at(-1)?.message ?? "";
    if (ms !== undefined && (await rest(pursuit, { ms, reason: "overloaded", message })))
      return new Set([...overloaded, ...(round === 0 ? pausing : [])]);
    return round === 0 && pausing.length > 0 ? new Set(pausing) : undefined;
  }

  /** The attempts, with the end of the pauses that followed. */
  async #withPauses(attempts: readonly Attempt[], now: number): Promise<readonly Attempt[]> {
    if (this.candidates.length < 2) return attempts;
    const until = new Map<string, number>();
    for (const { ref, open } of this.candidates) {
      const end = await open().then(
        () => undefined,
        (error: unknown) => pausedUntil(error, now),
      );
      if (end !== undefined) until.set(ref, end);
    }
    return attempts.map((one) => {
      const end = until.get(`${one.provider}/${one.model}`);
      return end === undefined ? one : { ...one, until: end };
    });
  }

  async #open(at: number, despite: boolean): Promise<Endpoint> {
    const known = this.#opened.get(at);
    if (known !== undefined) return known;
    const candidate = this.candidates[at];
    if (candidate === undefined) throw new Error("a chain needs a model");
    const found = await candidate.open(despite);
    const endpoint = candidate.prepare?.(found) ?? found;
    this.#opened.set(at, endpoint);
    return endpoint;
  }
}

interface Again {
  readonly endpoint: Endpoint;
  readonly failure: ModelFailure;
  readonly nth: number;
  readonly hasOthers: boolean;
}

/** One way along the chain. */
class Pass<T> {
  readonly pursuit: Pursuit<T>;
  readonly attempts: Attempt[];
  /** From 0. */
  readonly round: number;
  readonly overloaded = new Set<number>();
  /** Failures that the models service knows of, by endpoint. */
  readonly told = new Map<Endpoint, Set<string>>();
  shown = false;

  constructor(pursuit: Pursuit<T>, attempts: Attempt[], round: number) {
    this.pursuit = pursuit;
    this.attempts = attempts;
    this.round = round;
  }
}

function pause<T>(pursuit: Pursuit<T>, { endpoint, failure, nth, hasOthers }: Again): Promise<boolean> {
  const ms = pauseBefore(failure, nth, hasOthers);
  if (ms === undefined) return Promise.resolve(false);
  return rest(pursuit, { ms, endpoint, reason: failure.class, message: failure.message });
}

/** False when there is no time for it, or it was stopped. */
async function rest<T>(pursuit: Pursuit<T>, wait: Wait): Promise<boolean> {
  if (wait.ms > pursuit.longestWaitMs || wait.ms > pursuit.leftMs()) return false;
  if (wait.ms === 0) return true;
  pursuit.waits?.(wait);
  try {
    await pursuit.clock.sleep(wait.ms, pursuit.signal);
    return true;
  } catch {
    return false;
  }
}
