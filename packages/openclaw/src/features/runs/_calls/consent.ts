/** Asking people on behalf of a run: clients that can approve, and the chats that the configuration names. */
import { compact } from "../../../base/text.ts";
import type { ToolCallPart, ToolResultMessage } from "../../../contracts/message.ts";
import type { Preview } from "../../../contracts/tool.ts";
import type { TurnRow } from "../../../store/index.ts";
import type { Approval, ApprovalRequest, Decision, Outcome } from "../../approvals/index.ts";
import type { Deadline } from "../_deadline.ts";
import type { RunEmitter } from "../_record/emitter.ts";
import { forward, forwardRoutes } from "./forward.ts";
import type { Consent, Question } from "./permit.ts";
import type { RunSetup } from "../_setup/setup.ts";
import { errors } from "../errors.ts";
import type { RunDeps } from "../run.ts";

export interface Asking {
  readonly turn: TurnRow;
  readonly setup: RunSetup;
  readonly emitter: RunEmitter;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

export function consentOf(deps: RunDeps, asking: Asking): Consent {
  const { setup } = asking;
  return {
    ask: (question) => ask(deps, asking, question),
    listed({ target, exact }: Preview) {
      const { resolved, argv } = exact;
      if (typeof resolved !== "string" || !Array.isArray(argv)) return;
      void deps.approvals.file.used(setup.agent.id, { program: String(argv[0]), resolved, text: target });
    },
  };
}

async function ask(deps: RunDeps, asking: Asking, question: Question): Promise<void> {
  const { turn, setup, emitter, signal, deadline } = asking;
  const { call, tool, verdict } = question;
  const routes = forwardRoutes(setup.config, turn, setup.agent.id);
  if (!deps.approvals.reachable() && routes.length === 0) {
    if (verdict.terms?.withoutAnswer === "run") return;
    throw errors.TOOL_HEADLESS({ tool: tool.name });
  }
  const pattern = verdict.terms?.lastingPattern;
  const { approval, outcome } = await deps.approvals.ask({
    request: requestOf(asking, question),
    digest: question.digest,
    by: turn.principal,
    signal,
    ...(pattern === undefined ? {} : { lasting: { agentId: setup.agent.id, pattern } }),
  });
  await forward(deps, approval, routes);
  emitter.emit("lifecycle", { phase: "waiting-approval", approvalId: approval.id, toolCallId: call.id });
  const goOn = deadline.pause();
  const { decision, reason } = await outcome.finally(goOn);
  signal.throwIfAborted();
  emitter.emit("lifecycle", { phase: "approval-resolved", approvalId: approval.id, toolCallId: call.id, decision });
  if (decision === "deny") throw refusal(tool.name, reason, approval);
}

function requestOf({ turn, setup }: Asking, { call, preview, verdict }: Question): ApprovalRequest {
  const { exact, target } = preview;
  const { terms } = verdict;
  const lasting: readonly Decision[] = terms?.lastingPattern === undefined ? [] : ["allow-always"];
  const source = turn.replyTo?.address;
  return compact({
    command: target,
    commandArgv: Array.isArray(exact["argv"]) ? exact["argv"].map(String) : undefined,
    cwd: textOf(exact["cwd"]),
    envKeys: Array.isArray(exact["env"]) && exact["env"].length > 0 ? exact["env"].map(String) : undefined,
    host: terms?.host ?? "gateway",
    nodeId: textOf(exact["node"]),
    security: terms?.security,
    ask: terms?.ask,
    agentId: setup.agent.id,
    resolvedPath: textOf(exact["resolved"]),
    sessionKey: turn.sessionKey,
    sessionId: setup.ref.sessionId,
    runId: turn.id,
    toolCallId: call.id,
    allowedDecisions: ["allow-once", ...lasting, "deny"] as const,
    turnSourceChannel: source?.channel,
    turnSourceTo: source?.chat,
    turnSourceAccountId: source?.account,
    turnSourceThreadId: source?.thread,
  }) as ApprovalRequest;
}

function refusal(tool: string, reason: Outcome["reason"], { createdAtMs, expiresAtMs }: Approval) {
  if (reason === "user") return errors.APPROVAL_DENIED({ tool });
  return errors.APPROVAL_EXPIRED({ tool, minutes: Math.round((expiresAtMs - createdAtMs) / 60_000) });
}

/** The result of a call that waited for an approval when the process ended. */
export function unanswered(call: ToolCallPart, timestamp: number): ToolResultMessage {
  const text =
    "Not run: the gateway restarted while this waited for an approval. Nothing was executed and there is no output; call it again if it is still wanted.";
  return {
    role: "toolResult",
    toolCallId: call.id,
    toolName: call.name,
    content: [{ type: "text", text }],
    isError: true,
    timestamp,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
