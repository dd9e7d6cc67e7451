/**
 * Hop 5: what does the message mean? A word that stops the run, a slash command, or something for
 * the agent. Stops and commands are answered here, without a model.
 */
import { errorData } from "../../base/errors.ts";
import { envelopeText } from "../../contracts/envelope.ts";
import type { ChatCommand } from "../../contracts/chat.ts";
import { commandsSection } from "../agents/index.ts";
import { sessionSection } from "../sessions/index.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { Routed } from "./route.ts";

export interface Meaning extends Routed {
  /** What the agent is told. */
  readonly text: string;
}

const STOP_WORDS = new Set(["stop", "abort", "esc", "wait", "exit", "interrupt", "/stop"]);

/** Whether a whole message asks to stop the run. */
export function isStop(text: string): boolean {
  return STOP_WORDS.has(text.trim().toLowerCase());
}

export async function interpret(deps: PipelineDeps, routed: Routed): Promise<Meaning | undefined> {
  const text = envelopeText(routed.row.envelope);
  if (routed.row.options?.["plain"] === true) return { ...routed, text };
  if (isStop(text)) {
    const stopped = await deps.lanes.abort({ sessionKey: routed.sessionKey }, routed.principal, "stop");
    await answer(deps, routed, {
      reply: stopped.length > 0 ? "⚙️ Stopped." : "Nothing is running.",
      reason: "command:stop",
    });
    return undefined;
  }
  const config = deps.config.current();
  const found =
    config.section(commandsSection).text || routed.row.account.startsWith("webchat:")
      ? parseCommand(text, deps.commands, config.section(sessionSection).resetTriggers)
      : undefined;
  if (!found || (found.command.ownerOnly && routed.principal.role !== "owner")) return { ...routed, text };
  const outcome = await runCommand(deps, routed, found);
  if (outcome?.turn !== undefined) return { ...routed, text: outcome.turn };
  await answer(deps, routed, { reply: outcome?.reply, reason: `command:${found.command.name}` });
  return undefined;
}

/** A standalone `/name rest` or `/name: rest` that is a known command; a reset trigger counts as `/new`. */
export function parseCommand(
  text: string,
  commands: readonly ChatCommand[],
  triggers: readonly string[],
): { command: ChatCommand; rest: string } | undefined {
  const trimmed = text.trim();
  const trigger = triggers.find(
    (t) => trimmed.toLowerCase() === t.toLowerCase() || trimmed.toLowerCase().startsWith(`${t.toLowerCase()} `),
  );
  const match = /^\/([a-z][a-z0-9_-]{0,31})(?:@\w+)?(?::\s*|\s+|$)([\s\S]*)$/i.exec(trimmed);
  const name = match?.[1]?.toLowerCase() ?? (trigger === undefined ? undefined : "new");
  const command =
    commands.find((c) => c.name === name || c.aliases?.includes(name ?? "")) ??
    (trigger === undefined ? undefined : commands.find((c) => c.name === "new"));
  if (!command) return undefined;
  return { command, rest: match ? (match[2] ?? "").trim() : trimmed.slice(trigger?.length ?? 0).trim() };
}

async function runCommand(
  deps: PipelineDeps,
  routed: Routed,
  found: { command: ChatCommand; rest: string },
): Promise<{ reply?: string; turn?: string } | undefined> {
  try {
    return await found.command.run({
      use: deps.use,
      platform: deps.platform,
      sessionKey: routed.sessionKey,
      agentId: routed.agentId,
      principal: routed.principal,
      address: routed.row.envelope.address,
      rest: found.rest,
    });
  } catch (error) {
    const { message, remedy } = errorData(error);
    return { reply: `⚠️ ${message}${remedy === undefined ? "" : ` ${remedy}`}` };
  }
}

/** Settles the inbox row together with the reply; web chat sees it as the final of its run. */
async function answer(
  deps: PipelineDeps,
  routed: Routed,
  outcome: { reply: string | undefined; reason: string },
): Promise<void> {
  const { row, sessionKey, agentId } = routed;
  const { address, native } = row.envelope;
  const now = deps.platform.clock.now();
  const posts = deps.outbound.compose(
    outcome.reply === undefined ? [] : [outcome.reply],
    { address, ...(native === undefined ? {} : { native }) },
    { keyPrefix: `reply:${row.id}`, at: now },
  );
  await deps.store.inbox.settle(row.id, { kind: "reply", reason: outcome.reason }, posts);
  if (address.channel !== "webchat") {
    deps.outbound.wake(row.account);
    return;
  }
  const runId = String(row.options?.["runId"] ?? row.id);
  deps.events.publish("chat", {
    runId,
    sessionKey,
    agentId,
    seq: 1,
    state: "final",
    ...(outcome.reply === undefined
      ? {}
      : { message: { role: "assistant", content: [{ type: "text", text: outcome.reply }], timestamp: now } }),
  });
}
