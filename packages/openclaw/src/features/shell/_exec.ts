/** The tool `exec`. */
import { cut } from "../../base/text.ts";
import type { ToolBody, ToolContext, ToolResult } from "../../contracts/tool.ts";
import { plan, previewOf, type ExecParams, type Plan } from "./_plan.ts";
import { describeEnd, tail } from "./_report.ts";
import { commandEnv, joinPaths } from "./_shell.ts";
import { Processes, type ProcessesService, type RunningProcess } from "./index.ts";

/** Characters of output in a result; the rest is there for `process log`. */
const MAX_TEXT = 15_000;
const MAX_TAIL = 2000;
const UPDATE_MS = 500;
/** After a stop the command has this long to end by itself, and the run waits this long for it to be gone. */
const STOP_GRACE_MS = 300;
const STOP_WAIT_MS = 800;

export const exec: ToolBody<ExecParams> = {
  async preview(params, context) {
    return previewOf(params, await plan(params, context));
  },

  async run(params, context) {
    const planned = await plan(params, context);
    const processes = await context.use(Processes);
    const canYield = context.hasTool("process");
    context.signal.throwIfAborted();
    const command = await start(processes, { params, context, planned, canYield });
    const stopUpdates = watch(command, context);
    try {
      const waitMs = canYield ? yieldAfter(params, planned) : undefined;
      const ended = await waitFor(command, context, waitMs);
      return ended ? finished(command, context.platform.clock.now(), canYield) : running(command);
    } finally {
      stopUpdates();
    }
  },
};

interface Start {
  readonly params: ExecParams;
  readonly context: ToolContext;
  readonly planned: Plan;
  readonly canYield: boolean;
}

async function start(
  processes: ProcessesService,
  { params, context, planned, canYield }: Start,
): Promise<RunningProcess> {
  const { config, argv, cwd, env } = planned;
  const path = joinPaths(...config.pathPrepend, await processes.searchPath());
  return processes.start({
    agentId: context.agentId,
    sessionKey: context.sessionKey,
    command: params.command,
    argv,
    cwd,
    env: commandEnv(context.platform.env, env, path),
    interactive: canYield && params.background === true,
    timeoutMs: (params.timeout ?? config.timeoutSec) * 1000,
    keepMs: Math.min(Math.max(config.cleanupMs, 60_000), 10_800_000),
  });
}

function yieldAfter(params: ExecParams, { config }: Plan): number {
  return params.background === true ? 0 : (params.yieldMs ?? config.backgroundMs);
}

/**
 * Whether the command ended before `waitMs` were over (undefined: waits for its end). A stop of the run
 * ends the command with all its children; a command in the background lives on without the run.
 */
async function waitFor(command: RunningProcess, { signal, platform }: ToolContext, waitMs: number | undefined) {
  let cancel = () => {};
  let onAbort = () => {};
  const aborted = new Promise<"aborted">((resolve) => {
    onAbort = () => resolve("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  const late = new Promise<"late">((resolve) => {
    if (waitMs !== undefined) cancel = platform.clock.timer(waitMs, () => resolve("late"));
  });
  try {
    const outcome = await Promise.race([command.ended.then(() => "ended" as const), late, aborted]);
    if (outcome === "late") command.retain();
    if (outcome !== "aborted") return outcome === "ended";
    await Promise.race([command.kill(STOP_GRACE_MS), platform.clock.sleep(STOP_WAIT_MS)]);
    throw signal.reason;
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}

/** Shows the newest output to whoever watches, at most twice a second. */
function watch(command: RunningProcess, { platform, update }: ToolContext): () => void {
  let shown = 0;
  let cancel = () => {};
  const look = () => {
    if (command.output.total > shown) {
      shown = command.output.total;
      update({
        content: [{ type: "text", text: tail(command.output.text(), MAX_TAIL).text }],
        details: { status: "running" },
      });
    }
    cancel = platform.clock.timer(UPDATE_MS, look);
  };
  cancel = platform.clock.timer(UPDATE_MS, look);
  return () => cancel();
}

function finished(command: RunningProcess, now: number, canYield: boolean): ToolResult {
  const kept = command.output.text().trimEnd();
  const shown = tail(kept, MAX_TEXT);
  const isCut = shown.cut || command.output.dropped > 0;
  if (isCut && canYield) command.retain();
  const more = canYield ? `; more: process log, sessionId ${command.id}` : "";
  const note = isCut ? `[The end of ${command.output.total} bytes of output${more}]\n` : "";
  const end = describeEnd(command);
  const body = `${note}${shown.text}`;
  const parts = [body === "" && end === "" ? "(no output)" : body, end].filter((part) => part !== "");
  return {
    content: [{ type: "text", text: parts.join("\n\n") }],
    details: {
      status: command.status === "completed" ? "completed" : "failed",
      exitCode: command.exitCode ?? null,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
      durationMs: (command.endedAt ?? now) - command.startedAt,
      aggregated: shown.text,
      cwd: command.cwd,
      ...(isCut && canYield ? { sessionId: command.id } : {}),
    },
    ...(command.reason === undefined ? {} : { isError: true }),
  };
}

function running(command: RunningProcess): ToolResult {
  const soFar = tail(command.output.drain().trimEnd(), MAX_TAIL).text;
  const said = soFar === "" ? "It has printed nothing yet." : `It has printed:\n${soFar}`;
  const text = `Still running in the background: sessionId ${command.id}, pid ${command.pid}. Use process (poll, log, write, kill) to go on with it.\n${said}`;
  return {
    content: [{ type: "text", text: cut(text, MAX_TEXT) }],
    details: {
      status: "running",
      sessionId: command.id,
      pid: command.pid,
      startedAt: command.startedAt,
      cwd: command.cwd,
      tail: soFar,
    },
  };
}
