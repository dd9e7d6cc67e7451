/** The one place where child processes are started. */
import { randomUUID } from "node:crypto";
import { spawn as spawnProcess } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { errorText, systemCode } from "./errors.ts";
import { errors } from "./faults.ts";
import { info } from "./files.ts";
import { onlyZombies, processesWith } from "./process-group.ts";

export interface SpawnOptions {
  /** Program and arguments; never a shell line unless argv[0] is a shell the caller was allowed to use. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Environment of the child (`childEnv`); a mark is added by which what it starts is found. */
  readonly env: Readonly<Record<string, string>>;
  /** Text for its standard input; absent = closed at once unless `interactive`. */
  readonly input?: string;
  /** Keep standard input open for `write`. */
  readonly interactive?: boolean;
  readonly signal?: AbortSignal;
  /** Called with each piece of output as it comes. The piece is only valid during the call: copy what is to be kept. */
  readonly onOutput?: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Child {
  readonly pid: number;
  /** Settles when the process and its output have ended. Rejects when it could not be started. */
  readonly exit: Promise<Exit>;
  write(data: string): void;
  endInput(): void;
  /**
   * Ends the whole process group and, where the system tells, whatever left it: SIGTERM, then SIGKILL after
   * `graceMs`. Resolves when they are gone.
   */
  kill(graceMs?: number): Promise<void>;
}

/**
 * Starts a process in a group of its own, so that it can be ended with all its children.
 * Rejects with `SPAWN_FAILED` when the program cannot be started.
 */
export type Spawn = (options: SpawnOptions) => Promise<Child>;

export interface Spawner extends Spawn {
  /** Ends every group that still has a process. Afterwards nothing can be started any more. */
  killAll(graceMs?: number): Promise<void>;
  /** The same at once and without waiting, for the moment in which this process exits. */
  killNow(): void;
}

/** Stands in the environment of every child, and so of everything that it starts. */
const MARK = "OPENCLAW_CHILD";

const GRACE_MS = 2000;
/** How long a killed process may take to vanish: one in a system call that cannot be interrupted is given up. */
const VANISH_MS = 2000;

export function createSpawn(): Spawner {
  const groups = new Set<Group>();
  let closed = false;

  const start = async (options: SpawnOptions): Promise<Child> => {
    const program = options.argv[0];
    if (closed) throw errors.SPAWN_FAILED({ program, reason: "the gateway is stopping" });
    options.signal?.throwIfAborted();
    const mark = randomUUID();
    const process = await launch(options, mark).catch(async (error: unknown) => {
      const noFolder = systemCode(error) === "ENOENT" && (await info(options.cwd))?.isDirectory !== true;
      const reason = noFolder ? `there is no folder ${options.cwd}` : errorText(error);
      throw errors.SPAWN_FAILED({ program, reason }).with({ cause: error, details: { systemCode: systemCode(error) } });
    });
    const group = new Group(process, `${MARK}=${mark}`);
    groups.add(group);
    void group.empty.then(() => groups.delete(group));
    if (closed) void group.kill(0);
    return attach(process, group, options);
  };

  return Object.assign(start, {
    async killAll(graceMs = GRACE_MS) {
      closed = true;
      await Promise.all([...groups].map((group) => group.kill(graceMs)));
    },
    killNow() {
      closed = true;
      for (const group of groups) group.signal("SIGKILL");
    },
  });
}

function launch({ argv, cwd, env }: SpawnOptions, mark: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = argv;
    const process = spawnProcess(program, args, {
      cwd,
      env: { ...env, [MARK]: mark },
      detached: true,
      stdio: "pipe",
      shell: false,
      windowsHide: true,
    });
    process.once("error", reject);
    process.once("spawn", () => {
      process.off("error", reject);
      process.on("error", () => {});
      resolve(process);
    });
  });
}

function attach(process: ChildProcess, group: Group, { input, interactive, signal, onOutput }: SpawnOptions): Child {
  const { stdin, stdout, stderr } = process;
  // A child may close its input before it has read everything.
  stdin?.on("error", () => {});
  if (input !== undefined) stdin?.write(input);
  if (interactive !== true) stdin?.end();
  const hand = (stream: "stdout" | "stderr") => (chunk: Buffer<ArrayBuffer>) => {
    onOutput?.(stream, chunk);
    free(chunk);
  };
  stdout?.on("data", hand("stdout"));
  stderr?.on("data", hand("stderr"));

  const stop = () => void group.kill(GRACE_MS);
  signal?.addEventListener("abort", stop, { once: true });
  void group.exit.then(() => signal?.removeEventListener("abort", stop));
  if (signal?.aborted) stop();

  return {
    pid: process.pid ?? 0,
    exit: group.exit,
    write: (data) => void (stdin?.writable && stdin.write(data)),
    endInput: () => void stdin?.end(),
    kill: (graceMs = GRACE_MS) => group.kill(graceMs),
  };
}

/**
 * Gives the memory of a chunk back at once. Left to the garbage collector, a command that prints fast
 * costs some 64 MB before the first collection.
 */
function free(chunk: Buffer<ArrayBuffer>): void {
  if (chunk.byteLength === chunk.buffer.byteLength) chunk.buffer.transfer(0);
}

/** A process group. It lives until its last member has ended, which may be after its leader. */
class Group {
  readonly exit: Promise<Exit>;
  /** Resolves when no member is left. */
  readonly empty: Promise<void>;
  readonly #process: ChildProcess;
  readonly #pid: number;
  readonly #mark: string;
  #gone = false;
  #vanished: () => void = () => {};
  #killing: Promise<void> | undefined;

  constructor(process: ChildProcess, mark: string) {
    this.#process = process;
    this.#mark = mark;
    this.#pid = process.pid ?? 0;
    this.exit = new Promise((resolve) => process.once("close", (code, signal) => resolve({ code, signal })));
    this.empty = new Promise((resolve) => (this.#vanished = resolve));
    process.once("exit", () => this.#probe());
    process.once("close", () => this.#probe());
  }

  /** Ends all members: asks, waits, insists. */
  kill(graceMs: number): Promise<void> {
    this.#killing ??= this.#kill(graceMs);
    if (graceMs === 0) this.signal("SIGKILL");
    return this.#killing;
  }

  async #kill(graceMs: number): Promise<void> {
    const strays = this.#killStrays(graceMs);
    if (!this.#probe()) {
      this.signal(graceMs === 0 ? "SIGKILL" : "SIGTERM");
      if (!(await this.#waitFor(graceMs))) {
        this.signal("SIGKILL");
        await this.#waitFor(VANISH_MS);
      }
    }
    await strays;
    // Somebody outside the group may still hold the pipes; nobody reads them any more.
    await Promise.race([this.exit, pause(50)]);
    this.#process.stdout?.destroy();
    this.#process.stderr?.destroy();
    this.#vanish();
  }

  /** What it started and what has left the group since: daemons, sessions of their own. */
  async #killStrays(graceMs: number): Promise<void> {
    const strays = async () => (await processesWith(this.#mark)).filter((pid) => pid !== globalThis.process.pid);
    let left = await strays();
    for (const pid of left) signalOne(pid, graceMs === 0 ? "SIGKILL" : "SIGTERM");
    const deadline = performance.now() + graceMs;
    while (left.length > 0 && performance.now() < deadline) {
      await pause(Math.min(50, Math.max(1, deadline - performance.now())));
      left = await strays();
    }
    for (const pid of left) signalOne(pid, "SIGKILL");
  }

  signal(name: NodeJS.Signals): void {
    if (this.#gone || this.#pid <= 0) return;
    try {
      if (globalThis.process.platform === "win32") {
        spawnProcess("taskkill", ["/pid", String(this.#pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).on(
          "error",
          () => {},
        );
      } else globalThis.process.kill(-this.#pid, name);
    } catch (error) {
      if (systemCode(error) === "ESRCH") this.#vanish();
    }
  }

  /** Whether no member is left. Its number is never signalled again after that: it may belong to somebody else. */
  #probe(): boolean {
    if (this.#gone || this.#pid <= 0) return true;
    if (globalThis.process.platform === "win32") {
      if (this.#leaderEnded) this.#vanish();
      return this.#gone;
    }
    try {
      globalThis.process.kill(-this.#pid, 0);
    } catch (error) {
      if (systemCode(error) === "ESRCH" && this.#leaderEnded) this.#vanish();
    }
    return this.#gone;
  }

  get #leaderEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #vanish(): void {
    this.#gone = true;
    this.#vanished();
  }

  async #waitFor(ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    for (let step = 2; !this.#probe(); step = Math.min(step * 2, 50)) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      if (this.#leaderEnded && (await onlyZombies(this.#pid))) this.#vanish();
      else await Promise.race([this.empty, pause(Math.min(step, left))]);
    }
    return true;
  }
}

function signalOne(pid: number, name: NodeJS.Signals): void {
  try {
    globalThis.process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

/** A short real pause between two looks at the process table. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
