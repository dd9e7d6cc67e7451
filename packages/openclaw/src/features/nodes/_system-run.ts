/**
 * Running programs on a node. The node has rules of its own; what a caller says about an approval that was
 * given here counts only when it was given, for exactly this command, node, agent and session, and not used
 * yet. Without that the node is not told of any approval.
 */
import { isRecord } from "../../base/record.ts";
import { isDeepStrictEqual } from "node:util";
import type { MethodCall } from "../../contracts/method.ts";
import { Type, fits, type Static } from "../../contracts/schema.ts";
import { Approvals, digestOfCommand } from "../approvals/index.ts";
import { errors } from "./errors.ts";

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));

const RunParams = Type.Object({
  command: Type.Optional(Type.Array(Type.String())),
  systemRunPlan: Type.Optional(Type.Object({ argv: Type.Array(Type.String()), cwd: text })),
  cwd: text,
  env: Type.Optional(Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()])),
  agentId: text,
  sessionKey: text,
  /** Id of the approval. */
  runId: text,
  approved: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  approvalDecision: text,
});

export interface RunCall {
  readonly nodeId: string;
  readonly command: string;
  readonly params: unknown;
  readonly sessionKey: string | null | undefined;
}

/** What the node is sent in place of the params; nothing for other commands. */
export async function preparedRun(call: MethodCall, run: RunCall): Promise<{ prepare?: () => unknown }> {
  if (run.command !== "system.run" || !isRecord(run.params)) return {};
  const { approved, approvalDecision, ...rest } = run.params;
  const claims = approved === true || (typeof approvalDecision === "string" && approvalDecision !== "deny");
  const { params } = run;
  if (!claims || !fits(RunParams, params) || !params.runId) return { prepare: () => rest };
  const { runId, systemRunPlan, command, cwd, env, agentId, sessionKey } = params;
  if (isAmbiguous(params)) throw errors.NODE_RUN_AMBIGUOUS();
  const desk = await call.use(Approvals);
  const digest = digestOfCommand({
    host: "node",
    nodeId: run.nodeId,
    argv: systemRunPlan?.argv ?? command,
    cwd: cwd ?? systemRunPlan?.cwd,
    env,
    agentId,
    sessionKey: sessionKey ?? run.sessionKey,
  });
  // Another wording of the command is not what was approved.
  const { rawCommand: _, commandText: _text, ...bound } = rest;
  return { prepare: () => ({ ...bound, approved: true, approvalDecision: desk.redeem(runId, digest) }) };
}

/** The command or its folder stands there twice, and not the same both times. */
function isAmbiguous({ systemRunPlan: plan, command, cwd }: Static<typeof RunParams>): boolean {
  if (plan === undefined) return false;
  const otherCommand = command !== undefined && !isDeepStrictEqual(command, plan.argv);
  return otherCommand || (typeof cwd === "string" && typeof plan.cwd === "string" && cwd !== plan.cwd);
}
