/** `exec.approval.*`: asking for permission, and giving it. */
import { compact } from "../../base/text.ts";
import { Type, closed, type Static } from "../../contracts/schema.ts";
import { defineMethod, type MethodCall } from "../../contracts/method.ts";
import { DEFAULT_MS, MAX_MS } from "./_desk.ts";
import { digestOfCommand } from "./_digest.ts";
import { errors } from "./errors.ts";
import { Approvals, type Approval, type ApprovalRequest, type Outcome } from "./index.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Note = Type.Optional(Type.Union([Type.String({ maxLength: 4096 }), Type.Null()]));
const Words = Type.Array(Type.String({ maxLength: 65_536 }), { maxItems: 1024 });
const Any = Type.Record(Type.String(), Type.Unknown());
const Plan = Type.Object({ argv: Words });

const requestParams = closed({
  command: Type.String({ minLength: 1, maxLength: 100_000 }),
  id: Type.Optional(Type.Union([Id, Type.Null()])),
  commandArgv: Type.Optional(Type.Union([Words, Type.Null()])),
  cwd: Note,
  env: Type.Optional(Type.Record(Type.String({ maxLength: 256 }), Type.String({ maxLength: 65_536 }))),
  host: Note,
  nodeId: Note,
  security: Note,
  ask: Note,
  agentId: Note,
  resolvedPath: Note,
  sessionKey: Note,
  sessionId: Note,
  runId: Note,
  scope: Note,
  systemRunPlan: Type.Optional(Plan),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MS })),
  twoPhase: Type.Optional(Type.Boolean()),
  requireDeliveryRoute: Type.Optional(Type.Boolean()),
  suppressDelivery: Type.Optional(Type.Boolean()),
  turnSourceChannel: Note,
  turnSourceTo: Note,
  turnSourceAccountId: Note,
  turnSourceThreadId: Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Number(), Type.Null()])),
});
type RequestParams = Static<typeof requestParams>;

export const questionMethods = [
  defineMethod({
    name: "exec.approval.request",
    scope: "operator.approvals",
    summary: "Asks whether a command may run; answers when somebody has decided, with null when nobody could.",
    params: requestParams,
    result: Any,
    run: (call, params) => request(call, params),
  }),
  defineMethod({
    name: "exec.approval.list",
    scope: "operator.approvals",
    summary: "Lists the questions that are open.",
    params: closed({}),
    result: Type.Array(Any),
    run: async (call) => (await call.use(Approvals)).list().map((approval) => ({ approvalKind: "exec", ...approval })),
  }),
  defineMethod({
    name: "exec.approval.get",
    scope: "operator.approvals",
    summary: "Shows one question.",
    params: closed({ id: Id }),
    result: Any,
    async run(call, { id }) {
      const { approval } = await known(call, id);
      const { command, allowedDecisions, host, nodeId, agentId } = approval.request;
      return {
        id: approval.id,
        commandText: command,
        commandPreview: command.split("\n", 1)[0]?.slice(0, 200) ?? "",
        allowedDecisions,
        host,
        nodeId: nodeId ?? null,
        agentId: agentId ?? null,
        expiresAtMs: approval.expiresAtMs,
      };
    },
  }),
  defineMethod({
    name: "exec.approval.waitDecision",
    scope: "operator.approvals",
    summary: "Answers when the question has ended.",
    open: true,
    params: closed({ id: Id }),
    result: Any,
    async run(call, { id }) {
      const found = await (await call.use(Approvals)).wait(id, call.signal);
      if (found === undefined) throw unknown();
      return { ...ended(found.approval, found.outcome), ...reasonOf(found.outcome) };
    },
  }),
  defineMethod({
    name: "exec.approval.resolve",
    scope: "operator.approvals",
    summary: "Answers a question, by its id or a unique beginning of it; the first answer counts.",
    params: closed({ id: Id, decision: Type.String({ maxLength: 64 }) }),
    result: closed({ ok: Type.Boolean() }),
    async run(call, { id, decision }) {
      const { principal, clientId, clientMode } = call.caller;
      const name = clientMode === "webchat" ? "webchat" : clientId;
      await (await call.use(Approvals)).resolve(id, decision, { principal, name });
      return { ok: true };
    },
  }),
];

async function request(call: MethodCall, params: RequestParams): Promise<Record<string, unknown>> {
  const desk = await call.use(Approvals);
  const host = params.host ?? "gateway";
  if (host === "node" && !params.nodeId) throw errors.APPROVAL_NODE_MISSING();
  if (host === "node" && params.systemRunPlan === undefined) throw errors.APPROVAL_PLAN_MISSING();
  const now = call.platform.clock.now();
  if (!desk.reachable(call.caller.connId))
    return {
      id: params.id ?? null,
      decision: null,
      createdAtMs: now,
      expiresAtMs: now + (params.timeoutMs ?? DEFAULT_MS),
    };
  const { approval, outcome } = await desk.ask({
    request: shown(params, host),
    digest: digestOfCommand({
      ...params,
      host,
      argv: params.systemRunPlan?.argv ?? params.commandArgv,
    }),
    by: call.caller.principal,
    ...(params.timeoutMs === undefined ? {} : { timeoutMs: params.timeoutMs }),
  });
  if (params.twoPhase === true)
    call.acknowledge({ status: "accepted", deliveryRoute: "approval-client", ...times(approval) });
  return ended(approval, await outcome);
}

function shown(params: RequestParams, host: string): ApprovalRequest {
  const { env, systemRunPlan, commandArgv, turnSourceThreadId, ...rest } = params;
  const text = (value: string | null | undefined) => value ?? undefined;
  return compact({
    command: rest.command,
    commandArgv: systemRunPlan?.argv ?? commandArgv ?? undefined,
    cwd: text(rest.cwd),
    envKeys: env === undefined ? undefined : Object.keys(env).sort(),
    host,
    nodeId: text(rest.nodeId),
    security: text(rest.security),
    ask: text(rest.ask),
    agentId: text(rest.agentId),
    resolvedPath: text(rest.resolvedPath),
    sessionKey: text(rest.sessionKey),
    sessionId: text(rest.sessionId),
    runId: text(rest.runId),
    allowedDecisions:
      rest.ask === "always" ? (["allow-once", "deny"] as const) : (["allow-once", "allow-always", "deny"] as const),
    turnSourceChannel: text(rest.turnSourceChannel),
    turnSourceTo: text(rest.turnSourceTo),
    turnSourceAccountId: text(rest.turnSourceAccountId),
    turnSourceThreadId: turnSourceThreadId === null ? undefined : turnSourceThreadId?.toString(),
  }) as ApprovalRequest;
}

function times({ id, createdAtMs, expiresAtMs }: Approval) {
  return { id, createdAtMs, expiresAtMs };
}

/** The decision of a person; null when nobody decided. */
function ended(approval: Approval, outcome: Outcome | undefined): Record<string, unknown> {
  return { ...times(approval), decision: outcome?.reason === "user" ? outcome.decision : null };
}

function reasonOf(outcome: Outcome | undefined): Record<string, unknown> {
  return outcome === undefined ? {} : { terminalReason: outcome.reason };
}

async function known(call: MethodCall, id: string) {
  const found = (await call.use(Approvals)).find(id);
  if (found === undefined || found.outcome !== undefined) throw unknown();
  return found;
}

function unknown() {
  return errors.APPROVAL_UNKNOWN().with({ details: { reason: "APPROVAL_NOT_FOUND" } });
}
