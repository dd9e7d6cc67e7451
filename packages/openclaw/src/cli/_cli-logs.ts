import { isRecord, record } from "../base/record.ts";
import type { CliContext } from "../contracts/cli.ts";
import { oneLine } from "../base/log.ts";
import { isUnreachable } from "./_cli-sessions.ts";
import { numberOf } from "./_options.ts";
import { targetOf } from "./_configured-target.ts";
import { errors } from "./errors.ts";

interface Tail {
  readonly file: string;
  readonly cursor: number;
  readonly size: number;
  readonly lines: readonly string[];
  readonly truncated: boolean;
  readonly reset: boolean;
}

type Params = { readonly cursor?: number; readonly limit: number; readonly maxBytes: number };
type Read = (params: Params) => Promise<Tail>;

/** Ctrl-C ends following with code 0. */
export async function run(context: CliContext): Promise<number> {
  const { options, signal, platform } = context;
  const first = {
    limit: numberOf(options, "limit", { max: 5000 }) ?? 200,
    maxBytes: numberOf(options, "maxBytes", { max: 1_000_000 }) ?? 250_000,
  };
  const source = await openSource(context, first);
  let { tail } = source;
  notice(context, "meta", { file: tail.file, cursor: tail.cursor, size: tail.size });
  if (tail.truncated)
    notice(context, "notice", { message: "Older lines were left out; see more with --limit and --max-bytes." });
  printLines(context, tail.lines);
  if (options["follow"] !== true) return 0;
  const interval = numberOf(options, "interval", { min: 100 }) ?? 1000;
  while (!signal.aborted) {
    await platform.clock.sleep(interval, signal).catch(() => undefined);
    if (signal.aborted) break;
    try {
      const next = await source.read({ cursor: tail.cursor, limit: 5000, maxBytes: 1_000_000 });
      if (next.reset || next.file !== tail.file)
        notice(context, "notice", { message: `The log goes on in ${next.file}.` });
      printLines(context, next.lines);
      tail = next;
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
  }
  return 0;
}

/** The gateway's answer; for the gateway of this machine the file itself when nobody answers. */
async function openSource(context: CliContext, first: Params): Promise<{ readonly read: Read; readonly tail: Tail }> {
  const { call, options } = context;
  const timeoutMs = numberOf(options, "timeout") ?? 30_000;
  const ask: Read = async (params) =>
    record(await call("logs.tail", params, { scopes: ["operator.read"], timeoutMs })) as unknown as Tail;
  try {
    return { read: ask, tail: await ask(first) };
  } catch (error) {
    if (!isUnreachable(error) || !(await targetOf(context)).local) throw error;
    const read = await fileReader(context);
    const tail = await read(first);
    if (tail.size === 0) throw errors.CLI_LOG_FILE_MISSING({ path: tail.file }).with({ cause: error });
    notice(context, "notice", { message: `The gateway does not answer; this is ${tail.file}.` });
    return { read, tail };
  }
}

async function fileReader({ platform }: CliContext): Promise<Read> {
  const [{ readConfig }, { readTail }, { openLogFile }] = await Promise.all([
    import("../features/config/index.ts"),
    import("../features/health/index.ts"),
    import("../base/log-file.ts"),
  ]);
  const fixed = record((await readConfig(platform)).resolved["logging"])["file"];
  const log = openLogFile({
    ...(typeof fixed === "string" && fixed !== "" ? { file: fixed } : {}),
    state: platform.paths.state,
    maxFileBytes: Number.MAX_SAFE_INTEGER,
    clock: platform.clock,
  });
  return (params) => readTail(log.path, params);
}

function notice({ global, out }: CliContext, type: "meta" | "notice", data: Readonly<Record<string, unknown>>): void {
  if (global.json) out.line(JSON.stringify({ type, ...data }));
  else if (type === "notice") out.note(String(data["message"]));
}

function printLines(context: CliContext, lines: readonly string[]): void {
  for (const line of lines) context.out.line(context.global.json ? jsonLine(line) : readableLine(context, line));
}

function jsonLine(line: string): string {
  const entry = parsed(line);
  return JSON.stringify(entry ? { type: "log", ...entry } : { type: "raw", line });
}

function readableLine({ options, out }: CliContext, line: string): string {
  const entry = parsed(line);
  if (!entry) return oneLine(line);
  const { time, level, subsystem, message, ...rest } = entry;
  const { paint } = out;
  const plain = options["plain"] === true;
  const paintLevel = level === "error" || level === "fatal" ? paint.error : level === "warn" ? paint.warn : paint.dim;
  const data = Object.entries(rest)
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
  const text = (value: unknown) => oneLine(String(value));
  const shown = timeOf(text(time ?? ""), options["localTime"] === true);
  return plain
    ? `${shown} ${text(level)} [${text(subsystem)}] ${text(message)}${text(data)}`
    : `${paint.dim(shown)} ${paintLevel(text(level))} [${text(subsystem)}] ${text(message)}${paint.dim(text(data))}`;
}

function timeOf(time: string, local: boolean): string {
  return local && !Number.isNaN(Date.parse(time)) ? new Date(time).toLocaleString("sv") : time;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
