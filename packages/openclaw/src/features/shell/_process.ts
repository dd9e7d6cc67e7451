/** The tool `process`. */
import type { Static } from "../../contracts/schema.ts";
import { text, type ToolBody, type ToolContext, type ToolResult } from "../../contracts/tool.ts";
import { pasted, typed } from "./_keys.ts";
import { describeEnd, describeRow, nameOf, tail } from "./_report.ts";
import { errors } from "./errors.ts";
import { Processes, type ProcessesService, type RunningProcess } from "./index.ts";
import type { processParams } from "./tools.ts";

type Params = Static<typeof processParams>;

const MAX_TEXT = 15_000;
const DEFAULT_LINES = 200;
/** What a terminal is told where a pipe would be closed. */
const END_OF_TRANSMISSION = "\u0004";
const INPUT_ACTIONS: ReadonlySet<string> = new Set(["write", "submit", "send-keys", "paste"]);

export const processTool: ToolBody<Params> = {
  preview(params) {
    const { action, sessionId } = params;
    return {
      target: sessionId === undefined ? action : `${action} ${sessionId}`,
      exact: {
        action,
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(INPUT_ACTIONS.has(action) ? { input: true, data: inputOf(params, false) } : {}),
      },
    };
  },

  async run(params, context) {
    const processes = await context.use(Processes);
    if (params.action === "list") return list(processes.list(context.agentId), context);
    const { sessionId } = params;
    if (sessionId === undefined) throw errors.PROCESS_PARAM({ name: "sessionId", action: params.action });
    const command = processes.get(context.agentId, sessionId);
    if (!command) throw errors.PROCESS_UNKNOWN({ sessionId });
    return act(params, { command, processes, context });
  },
};

interface Target {
  readonly command: RunningProcess;
  readonly processes: ProcessesService;
  readonly context: ToolContext;
}

async function act(params: Params, target: Target): Promise<ToolResult> {
  const { command, processes, context } = target;
  switch (params.action) {
    case "poll":
      await news(command, params.timeout ?? 0, context);
      return result(command, tail(command.output.drain().trimEnd(), MAX_TEXT).text || "(nothing new)");
    case "log":
      return log(command, params);
    case "write":
    case "submit":
    case "send-keys":
    case "paste":
      return feed(command, params);
    case "kill":
      await command.kill();
      return result(command, `Ended ${command.id}.`);
    case "clear":
      if (command.status === "running") throw errors.PROCESS_RUNNING({ sessionId: command.id });
      processes.forget(context.agentId, command.id);
      return text(`Forgot ${command.id}.`);
    case "remove":
      await command.kill();
      processes.forget(context.agentId, command.id);
      return text(`Ended and forgot ${command.id}.`);
    default:
      throw errors.PROCESS_PARAM({ name: "action", action: String(params.action) });
  }
}

function list(all: readonly RunningProcess[], { platform }: ToolContext): ToolResult {
  const now = platform.clock.now();
  const sessions = all.map((command) => ({
    sessionId: command.id,
    name: nameOf(command.command),
    status: command.status,
    pid: command.pid,
    startedAt: command.startedAt,
    runtimeMs: (command.endedAt ?? now) - command.startedAt,
    ...(command.exitCode === undefined ? {} : { exitCode: command.exitCode }),
  }));
  const lines = all.map((command) => describeRow(command, now));
  return text(lines.length === 0 ? "No commands." : lines.join("\n"), { sessions });
}

/** Waits until something was printed or the command ended, at most `timeoutMs`. */
async function news(command: RunningProcess, timeoutMs: number, { platform, signal }: ToolContext): Promise<void> {
  const { clock } = platform;
  const deadline = clock.monotonic() + timeoutMs;
  const before = command.output.total;
  while (command.status === "running" && command.output.total === before) {
    const left = deadline - clock.monotonic();
    if (left <= 0) return;
    await Promise.race([clock.sleep(Math.min(left, 100), signal), command.ended]);
    signal.throwIfAborted();
  }
}

function log(command: RunningProcess, { offset, limit }: Params): ToolResult {
  const lines = command.output.text().trimEnd().split("\n");
  const first = offset ?? (limit === undefined ? Math.max(1, lines.length - DEFAULT_LINES + 1) : 1);
  const count = limit ?? (offset === undefined ? DEFAULT_LINES : lines.length);
  const part = lines.slice(first - 1, first - 1 + count);
  const shown = fit(part, offset === undefined && limit === undefined ? "end" : "start");
  const from = shown.side === "end" ? first + part.length - shown.lines.length : first;
  const { dropped } = command.output;
  const lost = dropped > 0 ? `; the first ${dropped} bytes were not kept` : "";
  const hint = `[Lines ${from}–${from + shown.lines.length - 1} of ${lines.length}${lost}; others: offset and limit]`;
  return result(command, `${shown.lines.join("\n")}\n\n${hint}`);
}

/** As many whole lines as fit into a result, from one side. */
function fit(lines: readonly string[], side: "start" | "end"): { lines: string[]; side: "start" | "end" } {
  const kept: string[] = [];
  let room = MAX_TEXT;
  for (const line of side === "end" ? lines.toReversed() : lines) {
    const cut = line.length > 2000 ? `${line.slice(0, 2000)}…` : line;
    if ((room -= cut.length + 1) < 0) break;
    kept.push(cut);
  }
  return { lines: side === "end" ? kept.reverse() : kept, side };
}

function feed(command: RunningProcess, params: Params): ToolResult {
  const sessionId = command.id;
  if (command.status !== "running") throw errors.PROCESS_NO_INPUT({ sessionId, reason: "it has ended" });
  if (!command.interactive)
    throw errors.PROCESS_NO_INPUT({ sessionId, reason: "it was started with its input closed" });
  const { data, eof } = typed(inputOf(params, command.terminal), command);
  const ends = eof || params.eof === true;
  command.write(ends && command.terminal ? `${data}${END_OF_TRANSMISSION}` : data);
  if (ends && !command.terminal) command.endInput();
  return result(command, `Sent ${Buffer.byteLength(data)} bytes${ends ? " and ended the input" : ""}.`);
}

/** What an action types, as keys. */
function inputOf(params: Params, terminal: boolean): readonly string[] {
  const need = <T>(value: T | undefined, name: string): T => {
    if (value === undefined) throw errors.PROCESS_PARAM({ name, action: params.action });
    return value;
  };
  switch (params.action) {
    case "write":
      return [params.eof === true ? (params.data ?? "") : need(params.data, "data")].map(literal);
    case "submit":
      return [literal(params.data ?? ""), "Enter"];
    case "paste":
      return [literal(pasted(need(params.text, "text"), { terminal }))];
    case "send-keys":
      return need(params.keys, "keys");
    default:
      return [];
  }
}

/** Text that is not the name of a key, whatever it says. */
function literal(data: string): string {
  return `literal:${data}`;
}

function result(command: RunningProcess, said: string): ToolResult {
  if (command.status !== "running") command.seen = true;
  const end = describeEnd(command);
  const state = command.status === "running" ? "(running)" : end === "" ? "(ended, exit code 0)" : end;
  return text(`${said}\n\n${state}`, {
    status: command.status,
    sessionId: command.id,
    ...(command.exitCode === undefined ? {} : { exitCode: command.exitCode }),
    ...(command.reason === undefined ? {} : { reason: command.reason }),
  });
}
