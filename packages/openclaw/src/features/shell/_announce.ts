/**
 * The end of a background command, told to its session as a system event. While a run is under way there, its agent
 * may find out by itself: it is told only what it has not seen when the run is over.
 */
import { errorText } from "../../base/errors.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import { Inbound } from "../inbound/index.ts";
import { Lanes, SystemEvents } from "../sessions/index.ts";
import { nameOf, tail } from "./_report.ts";
import type { AnnounceOptions, RunningProcess } from "./index.ts";

const TAIL_CHARS = 400;
/** A run that takes longer than this does not keep the news back. */
const LONGEST_RUN_MS = 6 * 3_600_000;

interface Deps {
  readonly use: Use;
  readonly platform: Pick<Platform, "log">;
  /** Aborts when the gateway stops: then every command ends, which is no news. */
  readonly closing: AbortSignal;
}

/** Never rejects. */
export async function announceEnd(deps: Deps, command: RunningProcess, options: AnnounceOptions): Promise<void> {
  try {
    await command.ended;
    if (deps.closing.aborted || command.seen) return;
    if (!options.quietSuccess && command.exitCode === 0 && command.output.total === 0) return;
    const lanes = await deps.use(Lanes);
    const active = lanes.active(command.sessionKey);
    if (active !== undefined) await lanes.wait(active, LONGEST_RUN_MS, deps.closing);
    if (deps.closing.aborted || command.seen) return;
    const events = await deps.use(SystemEvents);
    await events.enqueue({ sessionKey: command.sessionKey, text: sentence(command), by: options.by });
    await (await deps.use(Inbound)).wake(command.sessionKey, "exec-event");
  } catch (error) {
    deps.platform.log.for("shell").warn("the end of a command was not told", { error: errorText(error) });
  }
}

/** `Exec finished (a1b2c3 npm test, exit code 1): …the end of what it printed` */
function sentence(command: RunningProcess): string {
  const how = command.reason ?? `exit code ${command.exitCode ?? "unknown"}`;
  const printed = tail(command.output.text(TAIL_CHARS * 4).trim(), TAIL_CHARS).text;
  const head = `Exec finished (${command.id} ${nameOf(command.command)}, ${how})`;
  return printed === "" ? head : `${head}: ${printed}`;
}
