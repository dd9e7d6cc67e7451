/** Every command that runs or has run lately, by agent. Bounded in number and in memory. */
import type { Child, Spawn } from "../../base/spawn.ts";
import type { Scope } from "../../base/scope.ts";
import type { Clock } from "../../base/time.ts";
import { formatDuration } from "../../base/time.ts";
import { shortId, type Random } from "../../base/ids.ts";
import { OutputRing } from "./_output.ts";
import { errors } from "./errors.ts";
import type { ProcessStatus, RunningProcess, StartOptions } from "./index.ts";

export interface Limits {
  /** Commands of one agent at the same time. */
  readonly running: number;
  /** Ended commands of one agent that are remembered; the oldest goes first. */
  readonly ended: number;
  /** Bytes of output kept of each. */
  readonly outputBytes: number;
  /** Bytes after which a command is ended: nobody reads that much. */
  readonly totalBytes: number;
}

export const LIMITS: Limits = { running: 24, ended: 32, outputBytes: 1024 * 1024, totalBytes: 1024 * 1024 * 1024 };

const KILL_GRACE_MS = 1500;

interface Parts {
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly limits?: Limits;
}

export class ProcessRegistry {
  readonly #parts: Parts;
  readonly #limits: Limits;
  readonly #agents = new Map<string, Map<string, Entry>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? LIMITS;
    parts.scope.add("running commands", () => this.#killAll());
  }

  async start(options: StartOptions): Promise<RunningProcess> {
    const own = this.#agents.get(options.agentId) ?? new Map<string, Entry>();
    this.#agents.set(options.agentId, own);
    if (own.values().filter(isRunning).toArray().length >= this.#limits.running) {
      throw errors.EXEC_TOO_MANY({ max: this.#limits.running });
    }
    const { clock, random, spawn, scope } = this.#parts;
    const entry = new Entry(options, { id: freshId(own, random), clock, limits: this.#limits });
    own.set(entry.id, entry);
    void entry.ended.then(() => this.#ended(own, entry));
    try {
      await entry.begin(spawn);
    } catch (error) {
      own.delete(entry.id);
      throw error;
    }
    if (scope.closed) await entry.kill(0);
    return entry;
  }

  list(agentId: string): readonly RunningProcess[] {
    const own = this.#agents.get(agentId)?.values() ?? [];
    return [...own].filter((entry) => entry.retained).toReversed();
  }

  get(agentId: string, id: string): RunningProcess | undefined {
    const entry = this.#agents.get(agentId)?.get(id.trim());
    return entry?.retained === true ? entry : undefined;
  }

  forget(agentId: string, id: string): void {
    const own = this.#agents.get(agentId);
    if (own?.get(id)?.status !== "running") own?.delete(id);
  }

  /** Ends what a session has left running; nobody is told of it. */
  async endOf(sessionKey: string): Promise<void> {
    const left = this.#agents
      .values()
      .flatMap((own) => own.values())
      .filter((entry) => isRunning(entry) && entry.sessionKey === sessionKey)
      .toArray();
    for (const entry of left) entry.seen = true;
    await Promise.all(left.map((entry) => entry.kill(KILL_GRACE_MS)));
  }

  /** A command nobody asked about again is forgotten at once, the others after a while. */
  #ended(own: Map<string, Entry>, entry: Entry): void {
    const drop = () => void own.delete(entry.id);
    if (!entry.retained) entry.onRetain = () => own.set(entry.id, entry) && this.#keep(own, entry);
    if (entry.retained) this.#keep(own, entry);
    else drop();
  }

  #keep(own: Map<string, Entry>, entry: Entry): void {
    this.#parts.clock.timer(entry.options.keepMs, () => own.delete(entry.id));
    const old = own
      .values()
      .filter((e) => !isRunning(e))
      .toArray();
    for (const { id } of old.slice(0, Math.max(0, old.length - this.#limits.ended))) own.delete(id);
  }

  async #killAll(): Promise<void> {
    const all = this.#agents
      .values()
      .flatMap((own) => own.values())
      .toArray();
    await Promise.all(all.filter(isRunning).map((entry) => entry.kill(KILL_GRACE_MS)));
  }
}

function isRunning(entry: Entry): boolean {
  return entry.status === "running";
}

function freshId(taken: ReadonlyMap<string, unknown>, random: Random): string {
  for (;;) {
    const id = shortId(random, 3);
    if (!taken.has(id)) return id;
  }
}

class Entry implements RunningProcess {
  readonly options: StartOptions;
  readonly id: string;
  readonly output: OutputRing;
  readonly startedAt: number;
  readonly ended: Promise<void>;
  status: ProcessStatus = "running";
  retained = false;
  seen = false;
  endedAt: number | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  onRetain: () => void = () => {};
  readonly #clock: Clock;
  readonly #limits: Limits;
  #child: Child | undefined;
  #settle: () => void = () => {};
  #cancelTimeout: () => void = () => {};

  constructor(options: StartOptions, parts: { id: string; clock: Clock; limits: Limits }) {
    this.options = options;
    this.id = parts.id;
    this.#clock = parts.clock;
    this.#limits = parts.limits;
    this.output = new OutputRing(parts.limits.outputBytes);
    this.startedAt = parts.clock.now();
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get agentId(): string {
    return this.options.agentId;
  }
  get sessionKey(): string {
    return this.options.sessionKey;
  }
  get command(): string {
    return this.options.command;
  }
  get cwd(): string {
    return this.options.cwd;
  }
  get interactive(): boolean {
    return this.options.interactive;
  }
  get terminal(): boolean {
    return this.options.terminal;
  }
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async begin(spawn: Spawn): Promise<void> {
    const { argv, cwd, env, interactive, timeoutMs } = this.options;
    const onOutput = (_stream: string, chunk: Buffer) => this.#hear(chunk);
    const child = await spawn({ argv, cwd, env, interactive, onOutput });
    this.#child = child;
    if (timeoutMs > 0)
      this.#cancelTimeout = this.#clock.timer(timeoutMs, () =>
        this.#stop(`timeout after ${formatDuration(timeoutMs)}`),
      );
    void child.exit.then(
      ({ code, signal }) => this.#finish(code ?? undefined, signal ?? undefined),
      () => this.#finish(undefined, undefined),
    );
  }

  retain(): void {
    this.retained = true;
    this.onRetain();
  }

  write(data: string): void {
    this.#child?.write(data);
  }

  endInput(): void {
    this.#child?.endInput();
  }

  async kill(graceMs = KILL_GRACE_MS): Promise<void> {
    if (this.status === "running") this.reason ??= "killed";
    this.seen = true;
    await this.#child?.kill(graceMs);
    this.#finish(undefined, undefined);
  }

  #hear(chunk: Buffer): void {
    this.output.append(chunk);
    if (this.output.total > this.#limits.totalBytes) this.#stop(`more than ${this.#limits.totalBytes} bytes of output`);
  }

  #stop(reason: string): void {
    if (this.reason !== undefined || this.status !== "running") return;
    this.reason = reason;
    void this.#child?.kill(KILL_GRACE_MS).then(() => this.#finish(undefined, undefined));
  }

  #finish(code: number | undefined, signal: string | undefined): void {
    if (this.status !== "running") return;
    this.#cancelTimeout();
    this.output.end();
    this.endedAt = this.#clock.now();
    this.exitCode = code;
    this.status = statusOf(code, this.reason);
    this.reason ??= signal;
    this.#settle();
  }
}

function statusOf(code: number | undefined, reason: string | undefined): ProcessStatus {
  if (reason === "killed") return "killed";
  return code === 0 && reason === undefined ? "completed" : "failed";
}
