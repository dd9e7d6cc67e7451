/** The door of shell: commands that run, and what they have said so far. */
import type { Principal } from "../../contracts/principal.ts";
import { token } from "../../contracts/service.ts";

export type ProcessStatus = "running" | "completed" | "failed" | "killed";

export interface StartOptions {
  readonly agentId: string;
  readonly sessionKey: string;
  /** As a person would type it; shown in lists. */
  readonly command: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Keep standard input open for `write`. */
  readonly interactive: boolean;
  /** `argv` gives it a terminal. */
  readonly terminal: boolean;
  /** Ended with all its children after this; 0 = never. */
  readonly timeoutMs: number;
  /** How long it is remembered after its end. */
  readonly keepMs: number;
}

/** One command. Its output is bounded: of a long one the newest part is kept. */
export interface RunningProcess {
  readonly id: string;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly command: string;
  readonly cwd: string;
  readonly pid: number;
  readonly interactive: boolean;
  /** It has a terminal of its own: keys are those of a keyboard. */
  readonly terminal: boolean;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly status: ProcessStatus;
  readonly exitCode: number | undefined;
  /** Why it ended other than by itself: `timeout after 5 s`, `SIGTERM`. */
  readonly reason: string | undefined;
  readonly output: Output;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  /** The agent was told that it has ended, or ended it. */
  seen: boolean;
  /** Shows it to `list` and keeps it for `keepMs` after its end. */
  retain(): void;
  write(data: string): void;
  endInput(): void;
  /** Ends it with all its children; resolves when they are gone. */
  kill(graceMs?: number): Promise<void>;
}

export interface Output {
  /** Bytes printed so far, and how many of them are not kept any more. */
  readonly total: number;
  readonly dropped: number;
  /** Everything kept, or its newest bytes, as text fit for a model: no colours, no control characters. */
  text(newestBytes?: number): string;
  /** What came since the last call, likewise. */
  drain(): string;
}

export interface AnnounceOptions {
  /** Whoever caused the command: the turn that hears of its end acts with no more authority. */
  readonly by: Principal;
  /** Also when it ended well and printed nothing. */
  readonly quietSuccess: boolean;
}

export interface ProcessesService {
  /** Starts a command. Throws `EXEC_TOO_MANY` when the agent has too many running. */
  start(options: StartOptions): Promise<RunningProcess>;
  /** Retained commands of one agent, newest first. */
  list(agentId: string): readonly RunningProcess[];
  get(agentId: string, id: string): RunningProcess | undefined;
  /** Forgets a command that has ended. */
  forget(agentId: string, id: string): void;
  /** Tells the session when this command has ended, unless the agent has seen it by then. */
  announce(command: RunningProcess, options: AnnounceOptions): void;
  /** Folders of PATH for commands: this process's and those of the login shell. Asked once. */
  searchPath(): Promise<string>;
}

export const Processes = token<ProcessesService>("processes");
