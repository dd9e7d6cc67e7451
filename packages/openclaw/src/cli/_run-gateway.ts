/** Running the gateway in this process: its log, its platform, its end. */
import { record } from "../base/record.ts";
import { openLogFile } from "../base/log-file.ts";
import { createLog, type Log, type LogLevel } from "../base/log.ts";
import { userPattern } from "../base/pattern.ts";
import { redactBy } from "../base/redact.ts";
import { systemClock } from "../base/time.ts";
import type { RunGatewayOptions } from "../app/index.ts";
import type { CliContext } from "../contracts/cli.ts";
import type { Lifecycle } from "../contracts/lifecycle.ts";
import type { Env } from "../base/env.ts";
import { createPlatform } from "./platform.ts";

export interface RunOptions {
  readonly options: RunGatewayOptions["options"];
  /** Called once, when the gateway is open for the first time. */
  readonly onReady?: (gateway: Parameters<NonNullable<RunGatewayOptions["onReady"]>>[0]) => void;
  /** SIGUSR1 restarts the gateway (`commands.restart`). */
  readonly restartBySignal?: boolean;
  /** Variables that flags set for this process. */
  readonly env?: Env;
}

/** Resolves with the exit code once Ctrl-C or SIGTERM has ended it. Rejects with a Fault when it cannot start. */
export async function runGatewayHere(
  context: CliContext,
  logging: Readonly<Record<string, unknown>>,
  { options, onReady, restartBySignal = false, env = {} }: RunOptions,
): Promise<number> {
  const { version, paths } = context.platform;
  const { log, file } = openLog(context, logging);
  const platform = createPlatform({ env: { ...context.platform.env, ...env }, paths, log, version });
  let lifecycle: Lifecycle | undefined;
  const again = () => {
    if (restartBySignal) lifecycle?.restart({ reason: "SIGUSR1", delayMs: 0 });
    else log.warn("SIGUSR1 does nothing while commands.restart is not true");
  };
  process.on("SIGUSR1", again);
  const atExit = () => {
    platform.closeNow();
    file.flushNow();
  };
  process.once("exit", atExit);
  try {
    const { runGateway } = await import("../app/index.ts");
    return await runGateway({
      platform,
      options,
      signal: context.signal,
      out: context.out,
      onReady: (gateway, running) => {
        if (lifecycle === undefined) onReady?.(gateway);
        lifecycle = running;
      },
    });
  } finally {
    await platform.close();
    await file.close();
    process.off("exit", atExit);
    process.off("SIGUSR1", again);
  }
}

/** JSON lines in the file, readable ones on stderr. `logging` is read as it stands: the gateway judges it when it starts. */
function openLog(
  { global, platform, out }: CliContext,
  logging: Readonly<Record<string, unknown>>,
): { readonly log: Log; readonly file: ReturnType<typeof openLogFile> } {
  const { clock, paths, env } = platform;
  const fixed =
    typeof logging["file"] === "string" && logging["file"] !== ""
      ? { file: logging["file"].replace(/^~(?=\/|$)/, paths.home) }
      : {};
  const maxFileBytes = typeof logging["maxFileBytes"] === "number" ? logging["maxFileBytes"] : 104_857_600;
  const file = openLogFile({ ...fixed, state: paths.state, maxFileBytes, clock: systemClock });
  const forced = level(global.logLevel ?? env["OPENCLAW_LOG_LEVEL"]);
  const patterns = Array.isArray(logging["redactPatterns"])
    ? logging["redactPatterns"].flatMap((text) => (typeof text === "string" ? (userPattern(text) ?? []) : []))
    : undefined;
  const style = logging["consoleStyle"];
  const log = createLog({
    file,
    level: forced ?? level(logging["level"]) ?? "info",
    consoleLevel: forced ?? (global.verbose ? "debug" : (level(logging["consoleLevel"]) ?? "info")),
    consoleStyle: style === "compact" || style === "json" ? style : "pretty",
    clock,
    write: (line) => out.note(line),
    ...(patterns ? { redact: redactBy(patterns) } : {}),
  });
  return { log, file };
}

const LEVELS: ReadonlySet<unknown> = new Set(["silent", "fatal", "error", "warn", "info", "debug", "trace"]);

function level(value: unknown): LogLevel | "silent" | undefined {
  return LEVELS.has(value) ? (value as LogLevel | "silent") : undefined;
}

export function loggingOf(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return record(config["logging"]);
}
