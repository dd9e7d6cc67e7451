/** The one place where child processes are started. */

export interface SpawnOptions {
  /** Program and arguments; never a shell line unless argv[0] is a shell the caller was allowed to use. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Complete environment of the child (`childEnv`). */
  readonly env: Readonly<Record<string, string>>;
  /** Text for its standard input; absent = closed at once unless `interactive`. */
  readonly input?: string;
  /** Keep standard input open for `write`. */
  readonly interactive?: boolean;
  readonly signal?: AbortSignal;
  /** Called with each piece of output as it comes. */
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
  /** Ends the whole process group: SIGTERM, then SIGKILL after `graceMs`. Resolves when it is gone. */
  kill(graceMs?: number): Promise<void>;
}

/** Starts a process in a group of its own, so that it can be ended with all its children. */
export type Spawn = (options: SpawnOptions) => Promise<Child>;
