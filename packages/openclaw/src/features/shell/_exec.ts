/** The tool `exec`. */
import { cut } from "../../base/text.ts";
import type { ToolBody, ToolContext, ToolResult } from "../../contracts/tool.ts";
import { plan, previewOf, type ExecParams, type Plan } from "./_plan.ts";
import { describeEnd, tail } from "./_report.ts";
import { settingsOf, type Settings } from "./_settings.ts";
import { commandEnv, joinPaths } from "./_shell.ts";
import { Processes, type ProcessesService, type RunningProcess } from "./index.ts";

const UPDATE_MS = 500;
const UPDATE_CHARS = 2000;
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
    const settings = settingsOf(params, planned.config, context.platform.env);
    const canYield = context.hasTool("process");
    const command = await start(processes, { params, context, planned, settings, canYield });
    const stopUpdates = watch(command, context);
    try {
      const ended = await waitFor(command, context, canYield ? settings.yieldMs : undefined);
      if (ended) return finished(command, settings, canYield);
      const { notifyOnExit, notifyOnExitEmptySuccess } = planned.config;
      if (notifyOnExit) processes.announce(command, { by: context.principal, quietSuccess: notifyOnExitEmptySuccess });
      return running(command, settings);
    } finally {
      stopUpdates();
    }
  },
};

interface Start {
  readonly params: ExecParams;
  readonly context: ToolContext;
  readonly planned: Plan;
  readonly settings: Settings;
  readonly canYield: boolean;
}

async function start(processes: ProcessesService, options: Start): Promise<RunningProcess> {
  const { params, context, planned, settings } = options;
  const path = joinPaths(...planned.pathPrepend, await unlessStopped(context.signal, processes.searchPath()));
  return processes.start({
    agentId: context.agentId,
    sessionKey: context.sessionKey,
    command: params.command,
    argv: planned.argv,
    cwd: planned.cwd,
    env: commandEnv(context.platform.env, { ...context.env, ...planned.env }, path),
    interactive: options.canYield && (params.background === true || params.pty === true),
    terminal: params.pty === true,
    timeoutMs: settings.timeoutMs,
    keepMs: settings.keepMs,
  });
}

/**
 * Whether the command ended before `waitMs` were over (undefined: waits for its end). A stop of the run
 * ends the command with all its children; a command in the background lives on without the run.
 */
async function waitFor(command: RunningProcess, { signal, platform }: ToolContext, waitMs: number | undefined) {
  let cancel = () => {};
  const late = new Promise<false>((resolve) => {
    if (waitMs !== undefined) cancel = platform.clock.timer(waitMs, () => resolve(false));
  });
  try {
    const ended = await unlessStopped(signal, Promise.race([command.ended.then(() => true), late]));
    if (!ended) command.retain();
    return ended;
  } catch (error) {
    await Promise.race([command.kill(STOP_GRACE_MS), platform.clock.sleep(STOP_WAIT_MS)]);
    throw error;
  } finally {
    cancel();
  }
}

/** The outcome of `work`; rejects with the signal's reason as soon as it aborts. */
async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Shows the newest output to whoever watches, at most twice a second. */
function watch(command: RunningProcess, { platform, update }: ToolContext): () => void {
  let shown = 0;
  let cancel = () => {};
  const look = () => {
    if (command.output.total > shown) {
      shown = command.output.total;
      const { text } = tail(command.output.text(UPDATE_CHARS * 4), UPDATE_CHARS);
      update({ content: [{ type: "text", text }], details: { status: "running" } });
    }
    cancel = platform.clock.timer(UPDATE_MS, look);
  };
  cancel = platform.clock.timer(UPDATE_MS, look);
  return () => cancel();
}

function finished(command: RunningProcess, { maxText }: Settings, canYield: boolean): ToolResult {
  const shown = tail(command.output.text().trimEnd(), maxText);
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
      durationMs: (command.endedAt ?? command.startedAt) - command.startedAt,
      aggregated: shown.text,
      cwd: command.cwd,
      ...(isCut && canYield ? { sessionId: command.id } : {}),
    },
    ...(command.reason === undefined ? {} : { isError: true }),
  };
}

function running(command: RunningProcess, { maxText, maxTail }: Settings): ToolResult {
  const soFar = tail(command.output.drain().trimEnd(), maxTail).text;
  const said = soFar === "" ? "It has printed nothing yet." : `It has printed:\n${soFar}`;
  const head = `Still running in the background: sessionId ${command.id}, pid ${command.pid}. Use process (poll, log, write, kill) to go on with it.`;
  return {
    content: [{ type: "text", text: cut(`${head}\n${said}`, maxText + head.length) }],
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
