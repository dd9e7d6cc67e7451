/** One agent's memory: keeps its index fresh and asks it. */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { withDeadline } from "../../base/time.ts";
import type { Clock } from "../../base/time.ts";
import type { Embedders, Choice } from "./_embedder.ts";
import { fillIn } from "./_fill-in.ts";
import type { IndexHost } from "./_host.ts";
import type { ScanReport } from "./_index/scan.ts";
import type { SearchRequest } from "./_index/search.ts";
import { Questions } from "./_questions.ts";
import type { MemorySettings } from "./_settings.ts";
import { watchNotes } from "./_watch.ts";
import type { MemoryAnswer, MemoryQuery, MemoryStatus, MemorySync } from "./index.ts";

export interface AgentMemoryDeps {
  readonly settings: MemorySettings;
  readonly host: IndexHost;
  readonly embedders: Embedders;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the gateway stops. */
  readonly signal: AbortSignal;
}

/** How long a search waits for files that changed; the first one of a process waits longer. */
const MOMENT_MS = 300;
const FIRST_MOMENT_MS = 5000;
/** The word of the operating system that something changed is not certain, so a search looks now and then. */
const LOOK_AGAIN_MS = 10_000;
const UNSETTLED_MS = 1500;
const QUESTION_MS = 5000;
const MOST_CANDIDATES = 200;
const MOST_RESULTS = 50;

export class AgentMemory {
  readonly settings: MemorySettings;
  readonly #deps: AgentMemoryDeps;
  readonly #questions: Questions;
  #stop = new AbortController();
  #dirty = true;
  #scannedAt: number | undefined;
  #scanning: Promise<ScanReport> | undefined;
  #filling: Promise<{ embedded: number; note?: string }> | undefined;
  /** There may be pieces without an embedding. */
  #lacking = true;
  #unwatch = () => {};
  #watched = "";
  #cancelTimer = () => {};

  constructor(deps: AgentMemoryDeps) {
    this.#deps = deps;
    this.settings = deps.settings;
    this.#questions = new Questions(deps.embedders);
    this.#schedule();
  }

  async search(query: MemoryQuery): Promise<MemoryAnswer> {
    const { search } = this.settings;
    const { hybrid } = search.query;
    const fresh = query.thorough ? this.sync({ signal: query.signal }).then(() => {}) : this.#freshen();
    const late = fresh.catch((error: unknown) => this.#complain("the memory index is searched as it is", error));
    const [question] = await Promise.all([this.#question(query), late]);
    const maxResults = Math.min(query.maxResults ?? search.query.maxResults, MOST_RESULTS);
    const request: SearchRequest = {
      query: query.query,
      // No more than that goes to the other thread: not as whom it was asked.
      ...("vector" in question ? { question: { vector: question.vector, fingerprint: question.fingerprint } } : {}),
      ...(hybrid.enabled ? { weights: { vector: hybrid.vectorWeight, text: hybrid.textWeight } } : {}),
      candidates: Math.min(MOST_CANDIDATES, maxResults * hybrid.candidateMultiplier),
      maxResults,
      minScore: query.minScore ?? search.query.minScore,
      strict: query.minScore !== undefined,
      ...(hybrid.temporalDecay.enabled ? { halfLifeDays: hybrid.temporalDecay.halfLifeDays } : {}),
      ...(hybrid.mmr.enabled ? { lambda: hybrid.mmr.lambda } : {}),
      now: this.#deps.clock.now(),
      inPrivate: query.inPrivate,
    };
    const results = await this.#deps.host.ask("search", this.settings, request);
    this.#goOnFilling();
    if (!("vector" in question)) return { results, provider: "none", mode: "text", note: question.note };
    const { provider, fallback } = question.choice;
    return {
      results,
      provider: provider.id,
      model: provider.endpoint.model.id,
      mode: hybrid.enabled ? "hybrid" : "vector",
      ...(fallback === undefined ? {} : { fallback }),
    };
  }

  async sync({ force = false, signal }: { force?: boolean; signal: AbortSignal }): Promise<MemorySync> {
    const report = await this.#scan({ force, whole: true });
    signal.throwIfAborted();
    const { embedded, note } = await this.#fill(true);
    const { pending = 0 } = await this.#deps.host.ask("status", this.settings, this.#current());
    const { files, changed, skipped } = report;
    return { files, changed, embedded, pending, skipped, ...(note === undefined ? {} : { note }) };
  }

  async status({ deep = false, signal }: { deep?: boolean; signal: AbortSignal }): Promise<MemoryStatus> {
    const { settings } = this;
    const probe = deep ? await this.#probe(signal) : undefined;
    const choice = this.#deps.embedders.choice();
    const shared = {
      agentId: settings.agentId,
      enabled: true,
      backend: "builtin" as const,
      path: settings.path,
      workspace: settings.workspace,
      sources: ["memory", ...(settings.transcripts === undefined ? [] : ["sessions"])],
      ...described(choice),
      fts: { available: true as const, tokenizer: settings.tokenizer },
    };
    const reason = typeof choice === "string" ? { reason: `embeddings disabled: ${choice}` } : {};
    const on = { enabled: typeof choice !== "string", ...reason, ...(probe === undefined ? {} : { probe }) };
    try {
      const notes = { workspace: settings.workspace, extra: settings.extra };
      const found = await this.#deps.host.ask("status", settings, { ...this.#current(), notes });
      const { files, chunks, bySource, dirty, bytes, skipped, pending = 0, embeddings: stored } = found;
      const size = found.dimensions === undefined ? {} : { dimensions: found.dimensions };
      return {
        ...shared,
        files,
        chunks,
        bySource,
        dirty,
        bytes,
        skipped,
        embeddings: { ...on, stored, pending, ...size },
      };
    } catch (error) {
      const none = { files: 0, chunks: 0, bySource: [], dirty: true, bytes: 0, skipped: [] };
      return { ...shared, ...none, embeddings: { ...on, stored: 0, pending: 0 }, error: errorText(error) };
    }
  }

  /** Looks again at the files when the index is in use. */
  touch(): void {
    this.#dirty = true;
    if (this.settings.search.sync.onSessionStart && this.#deps.host.isRunning) this.#inBackground();
  }

  close(): void {
    this.#stop.abort(new Error("the memory of this agent is closed"));
    this.#unwatch();
    this.#cancelTimer();
  }

  /** Waits a moment for what changed to be in the index; the rest goes on behind. */
  async #freshen(): Promise<void> {
    const first = this.#scannedAt === undefined;
    if (!first && !this.settings.search.sync.onSearch) return;
    const now = this.#deps.clock.monotonic();
    if (!first && !this.#dirty && now - (this.#scannedAt ?? 0) < LOOK_AGAIN_MS) return;
    const scan = this.#scan({ force: false, whole: false });
    const late = Symbol("late");
    const moment = this.#deps.clock.sleep(first ? FIRST_MOMENT_MS : MOMENT_MS, this.#stop.signal).then(
      () => late,
      () => late,
    );
    await Promise.race([scan, moment]);
  }

  /** One scan at a time; `whole` takes in conversations however little is new in them. */
  async #scan({ force, whole }: { force: boolean; whole: boolean }): Promise<ScanReport> {
    if (this.#scanning && !force && !whole) return this.#scanning;
    await this.#scanning?.catch(() => {});
    const scanning = this.#scanOnce(force, whole);
    this.#scanning = scanning;
    try {
      return await scanning;
    } finally {
      if (this.#scanning === scanning) this.#scanning = undefined;
    }
  }

  async #scanOnce(force: boolean, whole: boolean): Promise<ScanReport> {
    const { settings } = this;
    const { deltaBytes = 100_000, deltaMessages = 50 } = settings.search.sync.sessions ?? {};
    const delta = whole ? { deltaBytes: 0, deltaMessages: 0 } : { deltaBytes, deltaMessages };
    this.#dirty = false;
    try {
      const report = await this.#deps.host.ask("scan", settings, {
        ...(settings.search.sources.includes("memory")
          ? { notes: { workspace: settings.workspace, extra: settings.extra } }
          : {}),
        ...(settings.transcripts === undefined ? {} : { sessions: { folder: settings.transcripts, ...delta } }),
        rule: settings.rule,
        now: this.#deps.clock.now(),
        force,
      });
      this.#scannedAt = this.#deps.clock.monotonic();
      if (report.changed > 0) this.#lacking = true;
      if (report.unsettled > 0) this.#deps.clock.timer(UNSETTLED_MS, () => this.#noticed());
      this.#watch(report.folders);
      return report;
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  }

  /** Computes embeddings that are missing. */
  #fill(again: boolean): Promise<{ embedded: number; note?: string }> {
    if (again) this.#lacking = true;
    this.#filling ??= fillIn({
      host: this.#deps.host,
      embedders: this.#deps.embedders,
      settings: this.settings,
      signal: AbortSignal.any([this.#stop.signal, this.#deps.signal]),
    })
      .then((outcome) => {
        this.#lacking = outcome.note !== undefined;
        return outcome;
      })
      .finally(() => {
        this.#filling = undefined;
      });
    return this.#filling;
  }

  #goOnFilling(): void {
    if (!this.#lacking || this.#filling || typeof this.#deps.embedders.choice() === "string") return;
    this.#fill(false).catch((error: unknown) => this.#complain("embeddings could not be computed", error));
  }

  #inBackground(): void {
    this.#scan({ force: false, whole: false })
      .then(() => this.#goOnFilling())
      .catch((error: unknown) => this.#complain("the memory index could not be brought up to date", error));
  }

  #noticed(): void {
    if (this.#stop.signal.aborted || this.#deps.signal.aborted) return;
    this.#dirty = true;
    this.#inBackground();
  }

  #watch(folders: readonly string[]): void {
    const key = folders.join("\0");
    if (!this.settings.search.sync.watch || key === this.#watched || this.#stop.signal.aborted) return;
    this.#unwatch();
    this.#watched = key;
    this.#unwatch = watchNotes(folders, {
      clock: this.#deps.clock,
      debounceMs: this.settings.search.sync.watchDebounceMs,
      stirred: () => {
        this.#dirty = true;
      },
      changed: () => this.#noticed(),
    });
  }

  #schedule(): void {
    const minutes = this.settings.search.sync.intervalMinutes;
    if (minutes <= 0) return;
    this.#cancelTimer = this.#deps.clock.timer(minutes * 60_000, () => {
      this.#noticed();
      if (!this.#stop.signal.aborted) this.#schedule();
    });
  }

  async #question({
    query,
    signal,
  }: MemoryQuery): Promise<{ vector: Float32Array; fingerprint: string; choice: Choice } | { note: string }> {
    const { hybrid } = this.settings.search.query;
    if (hybrid.enabled && hybrid.vectorWeight === 0) return { note: "vectorWeight is 0" };
    const within = AbortSignal.any([signal, this.#stop.signal]);
    const { clock } = this.#deps;
    return withDeadline(clock, QUESTION_MS, this.#questions.ask(query, within), () => new Error("late")).catch(() => ({
      note: "the embedding of the question took too long",
    }));
  }

  async #probe(signal: AbortSignal): Promise<{ ok: boolean; error?: string }> {
    const { embedders } = this.#deps;
    const choice = embedders.choice();
    if (typeof choice === "string") return { ok: false, error: choice };
    try {
      await embedders.embed(choice.provider, ["ping"], "query", signal);
      return { ok: true };
    } catch (error) {
      return { ok: false, error: errorText(error) };
    }
  }

  /** Of the provider that computes, or will when it answers again. */
  #current(): { fingerprint?: string } {
    const choice = this.#deps.embedders.choice();
    const fingerprint = typeof choice === "string" ? this.#deps.embedders.fingerprints[0] : choice.provider.fingerprint;
    return fingerprint === undefined ? {} : { fingerprint };
  }

  #complain(what: string, error: unknown): void {
    if (!this.#stop.signal.aborted && !this.#deps.signal.aborted)
      this.#deps.log.warn(what, { agent: this.settings.agentId, error: errorText(error) });
  }
}

function described(choice: Choice | string): Pick<MemoryStatus, "provider" | "model" | "fallback"> {
  if (typeof choice === "string") return { provider: "none" };
  const { provider, fallback } = choice;
  return { provider: provider.id, model: provider.endpoint.model.id, ...(fallback === undefined ? {} : { fallback }) };
}
