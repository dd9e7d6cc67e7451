/** Bodies of `/subagents`, `/kill` and `/steer`. */
import { compact, cut, fenced } from "../../base/text.ts";
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { TranscriptsToken } from "../../store/index.ts";
import type { SubagentRun } from "../../store/index.ts";
import { Lanes, Sessions } from "../sessions/index.ts";
import { findRun, shortOf } from "./_find-run.ts";
import { cleanHistory } from "./_history.ts";
import { clockOf, nameOf } from "./_report.ts";
import { errors } from "./errors.ts";
import { Subagents } from "./index.ts";
import type { SubagentsService } from "./index.ts";

const USAGE = [
  "`/subagents list` · those of this conversation",
  "`/subagents info <id|#>` · what one does or did",
  "`/subagents log <id|#> [limit] [tools]` · its newest messages",
  "`/subagents send <id|#> <message>` · a message, with its answer",
  "`/subagents steer <id|#> <message>` · a message while it works (`/steer`)",
  "`/subagents kill <id|#|all>` · stop one, or all (`/kill`)",
  "`/subagents spawn <agentId> <task> [--model <model>] [--thinking <level>]` · start one",
].join("\n");

const MOST_ROWS = 20;
const ANSWER_MS = 30_000;

type Action = (call: ChatCommandCall, rest: string) => Promise<ChatOutcome>;

export async function subagents(call: ChatCommandCall): Promise<ChatOutcome> {
  const [word = "", rest] = firstWord(call.rest);
  const action = ACTIONS[word === "" ? "list" : word.toLowerCase()];
  return action ? action(call, rest) : { reply: USAGE };
}

export async function kill(call: ChatCommandCall, rest: string): Promise<ChatOutcome> {
  const service = await call.use(Subagents);
  const target = rest.trim();
  if (target === "") return { reply: "Say which one: `/kill <id|#|all>`" };
  if (/^(?:all|\*)$/i.test(target)) {
    const stopped = await service.stopOf(call.sessionKey, call.principal, "killed");
    return { reply: stopped === 0 ? "No sub-agents are at work." : stoppedText(stopped) };
  }
  const run = findRun(await service.list(call.sessionKey), target);
  const stopped = await service.kill(run, call.principal, "killed");
  return { reply: stopped === 0 ? `**${nameOf(run)}** has ended already.` : stoppedText(stopped, run) };
}

export async function steer(call: ChatCommandCall, rest: string): Promise<ChatOutcome> {
  const [target, message] = firstWord(rest);
  if (target === "" || message === "") return { reply: "Say which one and what: `/steer <id|#> <message>`" };
  const service = await call.use(Subagents);
  const run = findRun(await service.list(call.sessionKey), target);
  await service.tell(run, message, call.principal, "steer");
  return { reply: `🧭 **${nameOf(run)}** is told.` };
}

async function list(call: ChatCommandCall): Promise<ChatOutcome> {
  const service = await call.use(Subagents);
  const runs = await service.list(call.sessionKey);
  if (runs.length === 0) return { reply: "This conversation has no sub-agents." };
  const active = runs.filter((run) => service.active(run)).length;
  const now = call.platform.clock.now();
  const lines = runs.slice(0, MOST_ROWS).map((run, i) => `${i + 1}. ${line(service, run, now)}`);
  const more = runs.length > MOST_ROWS ? [`…and ${runs.length - MOST_ROWS} more`] : [];
  return { reply: [`🤖 Sub-agents: ${active} at work, ${runs.length - active} ended`, ...lines, ...more].join("\n") };
}

function line(service: SubagentsService, run: SubagentRun, now: number): string {
  const took = clockOf(run.outcome?.runtimeMs ?? now - run.createdAt);
  return `${statusOf(service, run)} **${nameOf(run)}** · ${took} · ${run.model} · \`${shortOf(run)}\``;
}

function statusOf(service: SubagentsService, run: SubagentRun): string {
  if (service.active(run)) return "🏃";
  return { ok: "✅", error: "⚠️", timeout: "⏱️", aborted: "⛔", unknown: "❔" }[run.outcome?.status ?? "unknown"];
}

async function info(call: ChatCommandCall, rest: string): Promise<ChatOutcome> {
  const service = await call.use(Subagents);
  const run = findRun(await service.list(call.sessionKey), rest === "" ? "last" : rest);
  const row = await (await call.use(Sessions)).get(run.childKey);
  const { outcome } = run;
  const sessionId = row?.entry.sessionId ?? outcome?.sessionId ?? "";
  const facts = compact({
    Status: outcome?.status ?? "running",
    Task: cut(run.task.replace(/\s+/g, " "), 300),
    Run: run.id,
    Session: run.childKey,
    Model: run.model,
    Started: new Date(run.createdAt).toISOString(),
    Ended: run.endedAt === undefined ? undefined : new Date(run.endedAt).toISOString(),
    Runtime: clockOf(outcome?.runtimeMs ?? call.platform.clock.now() - run.createdAt),
    Tokens: outcome ? String(outcome.usage.totalTokens) : undefined,
    Report: outcome
      ? { pending: "on its way", told: "told", silent: "none", failed: "failed" }[run.announce]
      : undefined,
    Cleanup: run.cleanup,
    Transcript:
      sessionId === "" ? undefined : (await call.use(TranscriptsToken)).path({ agentId: run.turn.agentId, sessionId }),
    Error: outcome?.error,
  });
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  return { reply: [`🤖 **${nameOf(run)}**`, ...lines].join("\n") };
}

async function log(call: ChatCommandCall, rest: string): Promise<ChatOutcome> {
  const [target, ...options] = rest.split(/\s+/).filter(Boolean);
  const service = await call.use(Subagents);
  const run = findRun(await service.list(call.sessionKey), target ?? "last");
  const row = await (await call.use(Sessions)).get(run.childKey);
  if (!row) throw errors.SUBAGENT_AWAY({ name: nameOf(run) });
  const wanted = Number(options.find((word) => /^\d+$/.test(word)) ?? 20);
  const history = await cleanHistory(
    await call.use(TranscriptsToken),
    { agentId: row.agentId, sessionId: row.entry.sessionId },
    { limit: Math.min(Math.max(wanted, 1), 100), includeTools: options.includes("tools"), maxBytes: 12_000 },
  );
  if (history.messages.length === 0) return { reply: `**${nameOf(run)}** has said nothing yet.` };
  const lines = history.messages.map(({ role, text, toolName }) => {
    const who = role === "assistant" ? "🤖" : role === "toolResult" ? `🔧 ${toolName ?? ""}` : "📝";
    return `${who} ${cut(text, 600)}`;
  });
  return { reply: `**${nameOf(run)}**\n${fenced(lines.join("\n").replaceAll("[[", "[\u200b["))}` };
}

async function send(call: ChatCommandCall, rest: string): Promise<ChatOutcome> {
  const [target, message] = firstWord(rest);
  if (target === "" || message === "") return { reply: "Say which one and what: `/subagents send <id|#> <message>`" };
  const service = await call.use(Subagents);
  const run = findRun(await service.list(call.sessionKey), target);
  const id = await service.tell(run, message, call.principal, "send");
  const turn = await (await call.use(Lanes)).wait(id, ANSWER_MS, call.signal);
  const said = turn?.result?.texts.join("\n\n").trim();
  if (turn?.result?.status === "error")
    return { reply: `⚠️ **${nameOf(run)}** failed: ${turn.result.error?.message ?? "its run ended with an error."}` };
  if (said === undefined || said === "")
    return { reply: `📨 **${nameOf(run)}** has it. Look at its answer with \`/subagents log ${shortOf(run)}\`` };
  return { reply: `**${nameOf(run)}**: ${said}` };
}

async function spawn(call: ChatCommandCall, rest: string): Promise<ChatOutcome> {
  const [agentId, given] = firstWord(rest);
  const { text: task, flags } = takeFlags(given);
  if (agentId === "" || task === "")
    return {
      reply: "Say which agent and what: `/subagents spawn <agentId> <task> [--model <model>] [--thinking <level>]`",
    };
  const entry = (await (await call.use(Sessions)).get(call.sessionKey))?.entry;
  const model =
    entry?.modelOverride === undefined ? "" : [entry.providerOverride, entry.modelOverride].filter(Boolean).join("/");
  const { sessionKey, principal, address } = call;
  const answer = await (
    await call.use(Subagents)
  ).spawn(
    { task, agentId, ...compact({ model: flags["model"], thinking: flags["thinking"] }) },
    { sessionKey, agentId: call.agentId, principal, replyTo: { address }, model },
  );
  if (answer.status !== "accepted") return { reply: `⚠️ ${answer.error}` };
  const warning = answer.warning === undefined ? "" : `\n⚠️ ${answer.warning}`;
  return { reply: `🤖 Started \`${answer.runId.slice(0, 8)}\`. Its report comes here.${warning}` };
}

const ACTIONS: Readonly<Record<string, Action>> = {
  list: (call) => list(call),
  info,
  log,
  send,
  steer,
  tell: steer,
  kill,
  stop: kill,
  spawn,
};

function firstWord(text: string): [string, string] {
  const [, word = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [word, rest.trim()];
}

/** `--name value` wherever it stands, and what is left. */
function takeFlags(text: string): { readonly text: string; readonly flags: Readonly<Record<string, string>> } {
  const flags: Record<string, string> = {};
  const left = text.replace(/(^|\s)--(model|thinking)(?:=|\s+)(\S+)/g, (_all, _gap, name: string, value: string) => {
    flags[name] = value;
    return "";
  });
  return { text: left.trim(), flags };
}

function stoppedText(count: number, run?: SubagentRun): string {
  if (run && count === 1) return `⛔ Stopped **${nameOf(run)}**.`;
  return `⛔ Stopped ${count} sub-agent${count === 1 ? "" : "s"}.`;
}
