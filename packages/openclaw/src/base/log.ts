/** Logging: JSON lines in a file, a readable line on the console, secrets masked before either. */
import type { LogFile } from "./log-file.ts";
import { redact, redactData } from "./redact.ts";
import type { Redact } from "./redact.ts";
import { cut } from "./text.ts";
import type { Clock } from "./time.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

export interface Log {
  trace(message: string, data?: Readonly<Record<string, unknown>>): void;
  debug(message: string, data?: Readonly<Record<string, unknown>>): void;
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
  error(message: string, data?: Readonly<Record<string, unknown>>): void;
  fatal(message: string, data?: Readonly<Record<string, unknown>>): void;
  /** A logger for a part: `log.for("telegram")` writes `[telegram] …`. */
  for(subsystem: string): Log;
}

export interface LogOptions {
  /** Where JSON lines go; absent = console only. */
  readonly file?: Pick<LogFile, "append">;
  /** Least level written to the file. */
  readonly level: LogLevel | "silent";
  readonly consoleLevel: LogLevel | "silent";
  readonly consoleStyle: "pretty" | "compact" | "json";
  /** Takes one console line without its line end. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  /** Masks secrets; the built-in patterns unless configured otherwise. */
  readonly redact?: Redact;
}

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** Longest message and longest data of one record, in characters; the rest is cut. */
const MAX_MESSAGE = 8192;
const MAX_DATA = 32_768;

/** A logger for the subsystem `gateway`. Never throws. */
export function createLog(options: LogOptions): Log {
  return subsystemLog(options, "gateway");
}

interface Entry {
  readonly now: number;
  readonly level: LogLevel;
  readonly subsystem: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function subsystemLog(options: LogOptions, subsystem: string): Log {
  const clean = options.redact ?? redact;
  const at = (level: LogLevel) => {
    const toFile = options.file !== undefined && reaches(level, options.level);
    const toConsole = reaches(level, options.consoleLevel);
    if (!toFile && !toConsole) return () => {};
    return (message: string, data: Readonly<Record<string, unknown>> = {}) => {
      const entry: Entry = {
        now: options.clock.now(),
        level,
        subsystem,
        message: clean(cut(message, MAX_MESSAGE)),
        data: redactData(data, clean) as Readonly<Record<string, unknown>>,
      };
      const json = jsonLine(entry);
      if (toFile) options.file?.append(json);
      if (toConsole) options.write(options.consoleStyle === "json" ? json : readableLine(entry, options.consoleStyle));
    };
  };
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    for: (part) => subsystemLog(options, part),
  };
}

function reaches(level: LogLevel, least: LogLevel | "silent"): boolean {
  return least !== "silent" && LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

const HEAD = new Set(["time", "level", "subsystem", "message"]);

/** `{time, level, subsystem, message, …data}`; a field of the data that has one of those names becomes `data.<name>`. */
function jsonLine({ now, level, subsystem, message, data }: Entry): string {
  const head = { time: new Date(now).toISOString(), level, subsystem, message };
  const fields = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [HEAD.has(name) ? `data.${name}` : name, value]),
  );
  const line = JSON.stringify({ ...head, ...fields });
  return line.length <= MAX_MESSAGE + MAX_DATA
    ? line
    : JSON.stringify({ ...head, data: cut(JSON.stringify(fields), MAX_DATA) });
}

/** `12:04:09 [telegram] connected account=default`; control characters are shown escaped, so that a line stays a line. */
function readableLine({ now, level, subsystem, message, data }: Entry, style: "pretty" | "compact"): string {
  const marker = reaches(level, "warn") ? `${level.toUpperCase()} ` : "";
  const fields = Object.entries(data)
    .filter(([name, value]) => value !== undefined && (style === "pretty" || name !== "stack"))
    .map(
      ([name, value]) =>
        ` ${name}=${typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join("");
  const time = style === "compact" ? "" : `${clockTime(new Date(now))} `;
  return oneLine(`${time}[${subsystem}] ${marker}${message}${cut(fields, MAX_MESSAGE)}`);
}

function clockTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Text that stays in its line and does nothing to a terminal. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replace(/\n/g, "\n  ");
}
