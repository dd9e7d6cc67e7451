/** `agent`, `agent.wait`: a run from beginning to end. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import type { Address } from "../../../contracts/envelope.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { compact } from "../../../base/text.ts";
import { StoreToken } from "../../../store/index.ts";
import type { TurnRow } from "../../../store/index.ts";
import { Lanes, Sessions } from "../../sessions/index.ts";
import { handOver, lookUp, sessionOf } from "./calls.ts";
import type { Submission } from "./calls.ts";
import { Attachments, IdempotencyKey, Message, Open, any, flag, text } from "./methods-params.ts";
import { errors } from "../errors.ts";
import { Inbound } from "../index.ts";

/** A wait ends at the latest here; the run goes on. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

export const agentMethods = [
  defineMethod({
    name: "agent",
    scope: "operator.write",
    summary: "Runs an agent turn; answers twice: accepted, then the result.",
    params: closed({
      message: Message,
      idempotencyKey: IdempotencyKey,
      agentId: text,
      sessionKey: text,
      sessionId: text,
      to: text,
      replyTo: text,
      channel: text,
      replyChannel: text,
      accountId: text,
      replyAccountId: text,
      threadId: text,
      groupId: text,
      thinking: text,
      deliver: flag,
      bestEffortDeliver: flag,
      timeout: Type.Optional(Type.Number({ minimum: 0 })),
      lane: text,
      extraSystemPrompt: Type.Optional(Type.String({ maxLength: 100_000 })),
      attachments: Attachments,
      label: text,
      model: text,
      provider: text,
      cwd: text,
      groupChannel: text,
      groupSpace: text,
      promptMode: text,
      inputProvenance: any,
      internalEvents: any,
      bootstrapContextMode: any,
      modelRun: any,
      verbose: text,
    }),
    result: Open,
    async run(call, params) {
      const sessionKey = await sessionOf(call, params, errors.AGENT_UNKNOWN);
      const submission: Submission = compact({
        runId: params.idempotencyKey,
        message: params.message,
        sessionKey,
        attachments: params.attachments,
        thinking: params.thinking,
        model: params.model,
        apart: true,
        deliver: params.deliver ?? false,
        deliverTo: params.deliver ? await deliveryRoute(call, sessionKey) : undefined,
        extraSystemPrompt: params.extraSystemPrompt,
        timeoutMs: params.timeout === undefined || params.timeout === 0 ? undefined : params.timeout * 1000,
      }) as Submission;
      const known = await lookUp(call, submission);
      if (known.state === "ended") return outcome(known.turn);
      let inboxId: string | undefined;
      if (known.state === "new") {
        ({ inboxId } = await handOver(call, submission));
        call.acknowledge({
          runId: submission.runId,
          status: "accepted",
          acceptedAt: call.platform.clock.now(),
          sessionKey,
        });
        await (await call.use(Inbound)).settled(inboxId);
      } else
        call.acknowledge({
          runId: submission.runId,
          status: "accepted",
          acceptedAt: call.platform.clock.now(),
          sessionKey,
        });
      const turn = await waitForTurn(call, submission.runId);
      return turn ? outcome(turn) : answered(submission.runId, await replyTo(call, inboxId));
    },
  }),

  defineMethod({
    name: "agent.wait",
    scope: "operator.write",
    summary: "Waits for a run to end; a timeout ends the wait, not the run.",
    params: closed({
      runId: Type.String({ minLength: 1, maxLength: 512 }),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_WAIT_MS })),
    }),
    result: Open,
    async run(call, params) {
      const turn = await (await call.use(Lanes)).wait(params.runId, params.timeoutMs ?? 30_000, call.signal);
      if (!turn) return { runId: params.runId, status: "timeout" };
      const status = turn.result?.status === "ok" ? "ok" : turn.result?.status === "timeout" ? "timeout" : "error";
      return compact({
        runId: params.runId,
        status,
        startedAt: turn.startedAt,
        endedAt: turn.endedAt,
        error: turn.result?.error?.message,
        stopReason: turn.result?.stopReason,
      });
    },
  }),
];

/** Where the session was last talked to. Throws `DELIVERY_ROUTE_MISSING` when it never was. */
async function deliveryRoute(call: MethodCall, sessionKey: string): Promise<Address> {
  const entry = (await (await call.use(Sessions)).get(sessionKey))?.entry;
  if (entry?.lastChannel === undefined || entry.lastTo === undefined) throw errors.DELIVERY_ROUTE_MISSING();
  return { channel: entry.lastChannel, account: entry.lastAccountId ?? "default", kind: "direct", chat: entry.lastTo };
}

/** The ended turn; undefined when the message became no turn (a command, a stop). */
async function waitForTurn(call: MethodCall, runId: string): Promise<TurnRow | undefined> {
  const store = await call.use(StoreToken);
  if (!(await store.turns.get(runId))) return undefined;
  return (await call.use(Lanes)).wait(runId, LONGEST_WAIT_MS, call.signal);
}

/** What a command answered to the message. */
async function replyTo(call: MethodCall, inboxId: string | undefined): Promise<string | undefined> {
  return inboxId === undefined ? undefined : (await (await call.use(StoreToken)).inbox.get(inboxId))?.outcome?.reply;
}

function answered(runId: string, reply: string | undefined): Record<string, unknown> {
  const payloads = reply === undefined ? [] : [{ text: reply, mediaUrl: null }];
  return { runId, status: "ok", summary: "completed", result: { payloads, meta: {} } };
}

function outcome(turn: TurnRow): Record<string, unknown> {
  const { result } = turn;
  if (!result) return { runId: turn.id, status: "ok", summary: "completed", result: { payloads: [], meta: {} } };
  if (result.status === "error" || result.status === "timeout")
    throw errors
      .RUN_FAILED({ message: result.error?.message ?? "The run failed." })
      .with({ details: { runId: turn.id, code: result.error?.code } });
  return {
    runId: turn.id,
    status: "ok",
    summary: "completed",
    result: {
      payloads: result.texts.map((t) => ({ text: t, mediaUrl: null })),
      meta: {
        durationMs: result.durationMs,
        agentMeta: {
          sessionId: result.sessionId,
          provider: result.provider ?? null,
          model: result.model ?? null,
          usage: {
            input: result.usage.input,
            output: result.usage.output,
            cacheRead: result.usage.cacheRead,
            cacheWrite: result.usage.cacheWrite,
            total: result.usage.totalTokens,
          },
        },
        aborted: result.status === "aborted",
      },
    },
  };
}
