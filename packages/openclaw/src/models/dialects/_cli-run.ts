/** One process of a program: bounded output, a deadline, nothing left behind. */
import type { CliBackend } from "../../contracts/cli-backend.ts";
import type { Programs } from "../../contracts/model.ts";
import { childEnv, forbiddenChildVariables } from "../../base/env.ts";
import type { Clock } from "../../base/time.ts";
import { CallFailed } from "./_call.ts";
import type { Call } from "./_cli-arguments.ts";

const MAX_STDOUT = 8 * 1024 * 1024;
const MAX_STDERR = 16 * 1024;
/** Unless the operator says how long a call may take. */
const LONGEST_MS = 15 * 60_000;

export interface Running {
  readonly backend: CliBackend;
  readonly call: Call;
  readonly folder: string;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  /** The end of it. */
  readonly stderr: string;
}

/** Rejects with `CallFailed` for too much output and for a deadline, with `SPAWN_FAILED` for no program. */
export async function runProgram({
  backend,
  call,
  folder,
  programs,
  clock,
  signal,
  timeoutMs,
}: Running): Promise<Ended> {
  const stdout = new Pieces();
  const stderr = new Pieces();
  let ending: CallFailed | undefined;
  const child = await programs.spawn({
    argv: call.argv,
    cwd: folder,
    env: environment(backend, programs.env),
    ...(call.input === undefined ? {} : { input: call.input }),
    onOutput(stream, chunk) {
      if (ending) return; // It may go on printing until it is gone.
      const to = stream === "stdout" ? stdout : stderr;
      to.add(chunk);
      if (to === stderr) stderr.keepLast(MAX_STDERR);
      else if (stdout.bytes > MAX_STDOUT)
        end(new CallFailed({ class: "server_error", message: "it printed too much" }));
    },
  });
  const stop = () => void child.kill();
  const end = (because: CallFailed): void => {
    if (ending) return;
    ending = because;
    stop();
  };
  const cancel = clock.timer(timeoutMs ?? LONGEST_MS, () =>
    end(new CallFailed({ class: "timeout", code: "deadline", message: "it took too long" })),
  );
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  try {
    const exit = await child.exit;
    if (ending) throw ending;
    return { ...exit, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

function environment({ env = {}, clearEnv = [] }: CliBackend, own: Programs["env"]): Record<string, string> {
  const refused = new Set(forbiddenChildVariables(env));
  const all = childEnv(own, Object.fromEntries(Object.entries(env).filter(([name]) => !refused.has(name))));
  return Object.fromEntries(Object.entries(all).filter(([name]) => !clearEnv.includes(name)));
}

class Pieces {
  #pieces: Buffer[] = [];
  bytes = 0;

  add(chunk: Buffer): void {
    this.#pieces.push(Buffer.from(chunk));
    this.bytes += chunk.length;
  }

  keepLast(most: number): void {
    if (this.bytes <= most * 2) return;
    const last = Buffer.concat(this.#pieces).subarray(-most);
    this.#pieces = [last];
    this.bytes = last.length;
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString("utf8");
  }
}
