import type { Log } from "../../packages/openclaw/src/base/log.ts";

/** A log that says nothing, or everything when `OPENCLAW_TEST_LOG=1`. */
const loud = process.env["OPENCLAW_TEST_LOG"] === "1";
const line =
  (level: string) =>
  (message: string, data?: object): void => {
    if (loud) console.error(level, message, data ?? "");
  };

export const quietLog: Log = {
  trace: line("trace"),
  debug: line("debug"),
  info: line("info"),
  warn: line("warn"),
  error: line("error"),
  fatal: line("fatal"),
  for: () => quietLog,
};
