/** One command at a time: it answers when it ends, or goes on in the background after a while. */
import { fenced } from "../../base/text.ts";
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { execConfig } from "../policy/index.ts";
import { describeEnd, nameOf, tail } from "./_report.ts";
import { commandEnv, joinPaths, ownPath, shellArgv } from "./_shell.ts";
import { errors } from "./errors.ts";
import { Processes } from "./index.ts";
import type { ProcessesService, RunningProcess } from "./index.ts";

/** In the place of a session: commands of people are told apart from those of runs by it. */
const OWNER = "chat:bash";
const KEEP_MS = 30 * 60_000;
const MAX_OUTPUT = 3000;
const DEFAULT_FOREGROUND_MS = 2000;

export async function bash(call: ChatCommandCall): Promise<ChatOutcome> {
  const [, word = "", id = ""] = /^(\S*)(?:\s+(\S+))?\s*$/.exec(call.rest) ?? [];
  if (call.rest === "" || word.toLowerCase() === "help")
    return { reply: "⚙️ Usage: ! <command>, !poll [id], !stop [id]" };
  if (word.toLowerCase() === "poll") return poll(call, id);
  if (word.toLowerCase() === "stop") return stop(call, id);
  return start(call);
}

async function start(call: ChatCommandCall): Promise<ChatOutcome> {
  const [processes, agents, config] = await Promise.all([call.use(Processes), call.use(Agents), call.use(Config)]);
  const snapshot = config.current();
  if (execConfig(snapshot, call.agentId).security === "deny") throw errors.EXEC_SWITCHED_OFF();
  const other = mine(processes, call).find(({ status }) => status === "running");
  if (other)
    return { reply: `⚠️ \`${nameOf(other.command)}\` (${other.id}) still runs. See it with !poll, end it with !stop.` };
  const agent = agents.get(call.agentId, snapshot) ?? agents.default(snapshot);
  await agents.prepareWorkspace(agent, snapshot);
  const { env, log } = call.platform;
  log.for("bash").info("a command from a chat", { by: call.principal.id, agent: agent.id, command: nameOf(call.rest) });
  const command = await processes.start({
    agentId: call.agentId,
    sessionKey: OWNER,
    command: call.rest,
    argv: shellArgv(call.rest, env),
    cwd: agent.workspace,
    env: commandEnv(env, {}, joinPaths(ownPath(env), await processes.searchPath())),
    interactive: false,
    terminal: false,
    timeoutMs: 0,
    keepMs: KEEP_MS,
  });
  command.retain();
  const wait = snapshot.at("commands.bashForegroundMs");
  const ended = await endsWithin(call, command, typeof wait === "number" ? wait : DEFAULT_FOREGROUND_MS);
  return ended
    ? { reply: shown(command) }
    : { reply: `⚙️ Running in the background: ${command.id}. See it with !poll ${command.id}, end it with !stop.` };
}

async function poll(call: ChatCommandCall, id: string): Promise<ChatOutcome> {
  const command = await named(call, id);
  return { reply: command ? shown(command) : nothing(id) };
}

async function stop(call: ChatCommandCall, id: string): Promise<ChatOutcome> {
  const command = await named(call, id);
  if (!command) return { reply: nothing(id) };
  if (command.status !== "running") return { reply: `\`${nameOf(command.command)}\` has ended already.` };
  await command.kill();
  return { reply: `⚙️ Stopped \`${nameOf(command.command)}\` (${command.id}).` };
}

/** The command of that id, else the one that runs, else the newest. */
async function named(call: ChatCommandCall, id: string): Promise<RunningProcess | undefined> {
  const all = mine(await call.use(Processes), call);
  if (id !== "") return all.find((one) => one.id === id);
  return all.find(({ status }) => status === "running") ?? all[0];
}

function mine(processes: ProcessesService, { agentId }: ChatCommandCall): readonly RunningProcess[] {
  return processes.list(agentId).filter(({ sessionKey }) => sessionKey === OWNER);
}

async function endsWithin({ platform }: ChatCommandCall, command: RunningProcess, ms: number): Promise<boolean> {
  if (ms === 0) return false;
  let cancel = () => {};
  const late = new Promise<false>((resolve) => {
    cancel = platform.clock.timer(ms, () => resolve(false));
  });
  return Promise.race([command.ended.then(() => true), late]).finally(() => cancel());
}

function shown(command: RunningProcess): string {
  const output = tail(command.output.text().trimEnd(), MAX_OUTPUT);
  const isCut = output.cut || command.output.dropped > 0;
  const state = command.status === "running" ? `(${command.id} still runs)` : describeEnd(command);
  return [
    ...(isCut ? ["The end of the output:"] : []),
    output.text === "" ? "(no output)" : fenced(output.text),
    ...(state === "" ? [] : [state]),
  ].join("\n");
}

function nothing(id: string): string {
  return id === "" ? "No command was started with `!`." : `There is no command ${id}.`;
}
