/** Reading the log file from its end or from where a client stopped. */
import { openLogFile } from "../../base/log-file.ts";
import { readRange } from "../../base/files.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";

const DEFAULT_LINES = 500;
const DEFAULT_BYTES = 250_000;

export interface TailParams {
  /** Byte offset after the last line that the client has. */
  readonly cursor?: number;
  readonly limit?: number;
  readonly maxBytes?: number;
}

export interface LogTail {
  readonly file: string;
  readonly cursor: number;
  readonly size: number;
  readonly lines: string[];
  /** Older lines were left out. */
  readonly truncated: boolean;
  /** The cursor did not belong to this file: read from the end instead. */
  readonly reset: boolean;
}

export async function tailLog(call: MethodCall, params: TailParams): Promise<LogTail> {
  const file = await currentLog(call);
  return readTail(file, params);
}

/** Whole lines only: a line that is still being written comes next time. */
export async function readTail(file: string, params: TailParams): Promise<LogTail> {
  const maxBytes = params.maxBytes ?? DEFAULT_BYTES;
  const size = (await readRange(file, 0, 0))?.size ?? 0;
  const reset = params.cursor !== undefined && params.cursor > size;
  const from = reset ? undefined : params.cursor;
  const start = Math.max(from ?? 0, size - maxBytes);
  const read = await readRange(file, start, Math.min(maxBytes, size - start));
  const whole = wholeLines(read?.data ?? Buffer.alloc(0), start > (from ?? 0));
  const limit = params.limit ?? DEFAULT_LINES;
  const lines = whole.lines.slice(-limit);
  const truncated = start > (from ?? 0) || lines.length < whole.lines.length;
  return { file, cursor: start + whole.end, size, lines, truncated, reset };
}

/** `cut`: the first line lost its beginning. `end` counts the bytes up to the last complete line. */
function wholeLines(data: Buffer, cut: boolean): { lines: string[]; end: number } {
  const end = data.lastIndexOf(0x0a) + 1;
  const begin = cut ? data.indexOf(0x0a) + 1 : 0;
  if (end <= begin) return { lines: [], end };
  return {
    lines: data
      .subarray(begin, end - 1)
      .toString("utf8")
      .split("\n"),
    end,
  };
}

/** The path is for the log to say; nothing is written here. */
async function currentLog({ use, platform }: MethodCall): Promise<string> {
  const configured = (await use(Config)).current().at("logging.file");
  const fixed = typeof configured === "string" && configured !== "" ? { file: configured } : {};
  return openLogFile({
    ...fixed,
    state: platform.paths.state,
    maxFileBytes: Number.MAX_SAFE_INTEGER,
    clock: platform.clock,
  }).path;
}
