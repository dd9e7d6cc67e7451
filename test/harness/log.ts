import type { Log } from "../../packages/openclaw/src/base/log.ts";

/** Hears everything and keeps nothing. */
export const silentLog: Log = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  fatal() {},
  for: () => silentLog,
};
