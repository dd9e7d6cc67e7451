/** Logging: JSON lines in a file, a readable line on the console, secrets masked before either. */

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
