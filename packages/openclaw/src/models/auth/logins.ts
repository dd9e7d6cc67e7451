/**
 * As whom a provider is called:
 *
 * 1. the candidates of this provider and agent, in order: stored logins, keys of the environment, the operator's key
 * 2. the first that is not paused is made ready: a reference is fetched, an expired token is renewed
 * 3. a failure pauses it and names the next; a success clears it
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Fault, errorText } from "../../base/errors.ts";
import { formatDuration } from "../../base/time.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Login, ModelFailure } from "../../contracts/model.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Scope } from "../../base/scope.ts";
import { errors } from "../errors.ts";
import type { KnownProvider } from "../_providers.ts";
import { candidatesOf, keysOf } from "./candidates.ts";
import type { Candidate, Candidates } from "./candidates.ts";
import { agentDirOf, defaultAgentId } from "./place.ts";
import type { Flow } from "./flow.ts";
import type { Ready } from "./ready.ts";
import { mostRotations, pauseRules } from "./settings.ts";
import { Shelf } from "./shelf.ts";
import { afterFailure, afterSuccess, concernsLogin, isAboutLongContext, pauseOf } from "./standing.ts";
import type { Pause } from "./standing.ts";

export interface LoginsDeps {
  readonly platform: Pick<Platform, "clock" | "env" | "paths" | "fetch" | "log" | "random">;
  readonly scope: Scope | undefined;
  /** Provider ids without aliases. */
  readonly canonical: (id: string) => string;
  /** Puts text in the place of the references in a configuration. */
  readonly flows: () => Promise<readonly Flow[]>;
  readonly secrets: (root: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;
}

export interface LoginQuestion {
  readonly provider: KnownProvider;
  readonly config: ConfigSnapshot;
  readonly agentId?: string | undefined;
  readonly pin?: { readonly profileId: string; readonly by: "user" | "auto" } | undefined;
  /** Of the provider; pauses of other models do not count. */
  readonly model?: string;
  /** The best login although it is paused, if it may be tried for once (`mayTry`). */
  readonly despite?: boolean;
  /** Only the login of the pin, paused or not. */
  readonly probe?: boolean;
}

/** A login that can be used now. */
export interface Chosen {
  readonly login: Login;
  readonly secret: string;
  /** Where the login itself leads, when not to the provider's usual address. */
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of one question, kept with the login that it gave. */
interface Trail {
  readonly question: LoginQuestion;
  readonly candidate: Candidate;
  readonly shelf: Shelf;
  readonly tag: string | undefined;
  readonly tried: readonly string[];
  readonly turns: Readonly<Record<string, number>>;
  readonly renewed: boolean;
}

interface Found extends Candidates {
  /** The agent's own. */
  readonly shelf: Shelf;
  /** That of keys which serve every agent. */
  readonly common: Shelf;
}

/** Left of a pause that began with too many requests. */
const NEARLY_OVER_MS = 60_000;

const ROTATES: ReadonlySet<string> = new Set([
  "rate_limit",
  "overloaded",
  "timeout",
  "auth",
  "auth_permanent",
  "billing",
]);
const TRY_EVERY_MS = { cooldown: 10_000, disabled: 60_000 } as const;

export class Logins {
  readonly #deps: LoginsDeps;
  readonly #shelves = new Map<string, Shelf>();
  readonly #trails = new WeakMap<Login, Trail>();
  /** When a paused login was last tried all the same, monotonic ms. */
  readonly #triedAt = new Map<string, number>();
  readonly #tags = new Map<string, string>();
  readonly #known = new WeakMap<KnownProvider, readonly Candidate[]>();
  #ready: Ready | undefined;
  #rules: ConfigSnapshot | undefined;

  constructor(deps: LoginsDeps) {
    this.#deps = deps;
    deps.scope?.add("pauses of logins", async () => {
      await Promise.all([...this.#shelves.values()].map((shelf) => shelf.flush()));
    });
  }

  /** The folder of an agent has one shelf, whoever asks. */
  shelf(config: ConfigSnapshot, agentId: string): Shelf {
    const { platform } = this.#deps;
    const dir = agentDirOf(config, agentId, platform);
    this.#rules = config;
    const known = this.#shelves.get(dir);
    if (known) return known;
    const oauth = platform.env["OPENCLAW_OAUTH_DIR"] || join(platform.paths.state, "credentials");
    const shelf = new Shelf(
      {
        dir,
        clock: platform.clock,
        log: platform.log.for("auth"),
        ...(agentId === defaultAgentId(config) ? { oauthFile: join(oauth, "oauth.json") } : {}),
      },
      () => pauseRules(this.#rules ?? config, ""),
    );
    this.#shelves.set(dir, shelf);
    return shelf;
  }

  /**
   * The best login now; undefined when there is none at all. Throws `PROFILE_MISSING`, `PROFILES_UNAVAILABLE`,
   * `MODEL_KEY_UNUSABLE` or `OAUTH_REFRESH_FAILED`.
   */
  async choose(question: LoginQuestion): Promise<Chosen | undefined> {
    if (question.probe) return this.#only(question);
    const found = await this.#candidates(question);
    return this.#first(question, found, { tried: [], turns: {} });
  }

  async #only(question: LoginQuestion): Promise<Chosen | undefined> {
    const { provider, pin } = question;
    const { list, shelf, common } = await this.#candidates({ ...question, pin: undefined });
    const candidate =
      list.find(({ id }) => id === pin?.profileId) ?? this.#keys(provider).find(({ id }) => id === pin?.profileId);
    if (!candidate) throw errors.PROFILE_MISSING({ profile: pin?.profileId ?? "", provider: provider.id });
    if (candidate.problem !== undefined) return this.#nothing(question, [candidate], true);
    const at = candidate.source === "profile" ? shelf : common;
    const trail = { question, candidate, shelf: at, tag: this.#tag(candidate), tried: [], turns: {}, renewed: false };
    return this.#make(trail, question, false, true);
  }

  /** All logins of a provider with the reason why one is not used now, in order. */
  async overview(question: LoginQuestion) {
    const { shelf, common, list } = await this.#candidates(question);
    return list.map((candidate) => {
      const at = candidate.source === "profile" ? shelf : common;
      return { candidate, pause: this.#pause(at, candidate, question.model) };
    });
  }

  /** The login for another attempt after a failure; undefined when there is none, or no other can help. */
  async after(login: Login, failure: ModelFailure, config: ConfigSnapshot): Promise<Chosen | undefined> {
    const trail = this.#trails.get(login);
    if (!trail || !ROTATES.has(failure.class) || isAboutLongContext(failure)) return undefined;
    const again = await this.#renewed(trail, failure);
    if (again) return again;
    const { question, candidate, shelf } = trail;
    if (concernsLogin(failure)) this.#pauseFor(candidate, { ...question, config }, shelf, failure);
    if (question.pin?.by === "user" && login.pinned) return undefined;
    return this.#next(trail, failure, config);
  }

  #pauseFor(
    candidate: Candidate,
    { config, provider, model = "" }: LoginQuestion,
    shelf: Shelf,
    failure: ModelFailure,
  ) {
    const tag = this.#tag(candidate);
    const now = shelf.now();
    const rules = pauseRules(config, provider.id);
    const { stats } = afterFailure(
      shelf.standing(candidate.id, () => tag),
      { failure, model, now, rules },
    );
    shelf.failed(candidate.id, { at: now, stats: tag === undefined ? stats : { ...stats, fingerprint: tag } });
  }

  worked(login: Login): void {
    const trail = this.#trails.get(login);
    if (!trail) return;
    const { candidate, shelf, question, tag } = trail;
    const before = shelf.standing(candidate.id, () => tag);
    const standing = afterSuccess(before, shelf.now());
    shelf.worked(candidate.id, standing, candidate.source === "profile" ? question.provider.id : undefined);
  }

  async #next(trail: Trail, failure: ModelFailure, config: ConfigSnapshot): Promise<Chosen | undefined> {
    const { question, candidate } = trail;
    const turns = { ...trail.turns, [failure.class]: (trail.turns[failure.class] ?? 0) + 1 };
    if (failure.class === "rate_limit" || failure.class === "overloaded") {
      if ((turns[failure.class] ?? 0) > mostRotations(config, failure.class)) return undefined;
    }
    const found = await this.#candidates({ ...question, pin: undefined });
    const tried = [...trail.tried, candidate.id];
    const keysToo = failure.class === "rate_limit" || candidate.source !== "env";
    const list = found.list.filter(({ id, source }) => !tried.includes(id) && (keysToo || source !== "env"));
    try {
      return await this.#first({ ...question, pin: undefined, despite: false }, { ...found, list }, { tried, turns });
    } catch {
      return undefined; // What is wrong with the others is said when they are asked for.
    }
  }

  /** A token that is refused before its time is renewed once. */
  async #renewed(trail: Trail, failure: ModelFailure): Promise<Chosen | undefined> {
    const { candidate, question, renewed } = trail;
    if (failure.class !== "auth" || candidate.kind !== "oauth" || renewed) return undefined;
    try {
      return await this.#make({ ...trail, renewed: true }, question, true);
    } catch {
      return undefined;
    }
  }

  async #candidates(question: LoginQuestion): Promise<Found> {
    const { platform, canonical } = this.#deps;
    const { config, provider, pin } = question;
    const fallback = defaultAgentId(config);
    const shelf = this.shelf(config, question.agentId ?? fallback);
    const common = this.shelf(config, fallback);
    const file = await shelf.read();
    if (common !== shelf) await common.read();
    const now = platform.clock.now();
    const asked = { provider, config, file, canonical, keys: () => this.#keys(provider), now, pin };
    return { shelf, common, ...candidatesOf(asked, (id) => shelf.lastUsed(id)) };
  }

  /** Neither the environment nor a configuration ever changes. */
  #keys(provider: KnownProvider): readonly Candidate[] {
    const known = this.#known.get(provider) ?? keysOf(provider, this.#deps.platform.env);
    this.#known.set(provider, known);
    return known;
  }

  async #first(
    question: LoginQuestion,
    { shelf, common, list, explicit, pinned }: Found,
    { tried, turns }: Pick<Trail, "tried" | "turns">,
  ): Promise<Chosen | undefined> {
    const paused: { candidate: Candidate; pause: Pause }[] = [];
    let problem: unknown;
    const ready = (candidate: Candidate) => {
      const at = candidate.source === "profile" ? shelf : common;
      const trail = { question, candidate, shelf: at, tag: this.#tag(candidate), tried, turns, renewed: false };
      return this.#make(trail, question, false, pinned && question.pin?.by === "user");
    };
    for (const candidate of list) {
      if (candidate.problem !== undefined) continue;
      const pause = this.#pause(candidate.source === "profile" ? shelf : common, candidate, question.model);
      if (pause) {
        paused.push({ candidate, pause });
        continue;
      }
      try {
        return await ready(candidate);
      } catch (error) {
        problem ??= error;
        if (error instanceof Fault && error.code === "OAUTH_REFRESH_FAILED")
          this.#pauseFor(candidate, question, shelf, { class: "auth", message: error.message });
        this.#deps.platform.log
          .for("auth")
          .warn("a login cannot be used", { login: candidate.id, error: errorText(error) });
      }
    }
    const soonest = paused.toSorted((a, b) => a.pause.remainingMs - b.pause.remainingMs)[0];
    if (soonest && question.despite && this.#mayTry(question.provider.id, soonest.pause))
      return ready(soonest.candidate);
    if (soonest) throw this.#allPaused(question.provider.id, soonest.pause);
    if (problem !== undefined) throw problem;
    return this.#nothing(question, list, explicit || pinned);
  }

  #nothing({ provider }: LoginQuestion, list: readonly Candidate[], named: boolean): undefined {
    const first = list[0];
    if (!first) return undefined;
    const broken = list.find(({ text }) => text !== undefined);
    if (broken?.text !== undefined && broken.problem !== undefined)
      throw errors.MODEL_KEY_UNUSABLE({ provider: provider.id, source: broken.shown, problem: broken.text });
    if (first.problem === "expired") throw errors.PROFILE_EXPIRED({ profile: first.id, provider: provider.id });
    if (named) throw errors.PROFILE_MISSING({ profile: first.id, provider: provider.id });
    return undefined;
  }

  #allPaused(provider: string, { remainingMs }: Pause) {
    return errors
      .PROFILES_UNAVAILABLE({ provider, soonest: formatDuration(remainingMs) })
      .with({ retryAfterMs: Math.ceil(remainingMs) });
  }

  /**
   * When nothing else is left, a paused login is tried now and then; one that was refused or too slow, at any time; one
   * that was asked too often, when its pause is nearly over.
   */
  #mayTry(provider: string, { kind, reason, remainingMs }: Pause): boolean {
    if (kind === "cooldown" && reason !== "rate_limit") return true;
    if (kind === "cooldown" && remainingMs > NEARLY_OVER_MS) return false;
    const now = this.#deps.platform.clock.monotonic();
    const last = this.#triedAt.get(provider);
    if (last !== undefined && now - last < TRY_EVERY_MS[kind]) return false;
    this.#triedAt.set(provider, now);
    return true;
  }

  #pause(shelf: Shelf, candidate: Candidate, model: string | undefined): Pause | undefined {
    const standing = shelf.standing(candidate.id, () => this.#tag(candidate));
    return standing && pauseOf(standing, shelf.now(), model);
  }

  /** Tells one secret from another; tokens that are renewed have none. */
  #tag({ kind, secret }: Candidate): string | undefined {
    if (kind === "oauth" || secret === undefined) return undefined;
    const known = this.#tags.get(secret);
    if (known !== undefined) return known;
    const tag = createHash("sha256").update(secret).digest("hex").slice(0, 8);
    if (this.#tags.size > 500) this.#tags.clear();
    this.#tags.set(secret, tag);
    return tag;
  }

  async #make(
    trail: Trail,
    { config, agentId, provider }: LoginQuestion,
    renew: boolean,
    pinned = false,
  ): Promise<Chosen> {
    const { candidate, shelf } = trail;
    const login: Login = {
      id: candidate.id,
      kind: candidate.kind,
      agentId: agentId ?? defaultAgentId(config),
      ...(pinned ? { pinned: true as const } : {}),
    };
    this.#trails.set(login, trail);
    if (candidate.plain && !renew) return { login, secret: candidate.secret ?? "" };
    this.#ready ??= (await import("./ready.ts")).makeReady(this.#deps);
    const ready = await this.#ready({ candidate, shelf, config, provider: provider.id, renew });
    return { login, ...ready };
  }
}
