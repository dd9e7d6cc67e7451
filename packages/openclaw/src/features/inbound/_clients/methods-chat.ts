/** `chat.send`, `chat.abort`. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { Lanes, stopSession } from "../../sessions/index.ts";
import { sessionOf } from "./calls.ts";
import {
  Attachments,
  IdempotencyKey,
  Message,
  Open,
  QueueMode,
  SessionKey,
  TimeoutMs,
  any,
  flag,
  text,
} from "./methods-params.ts";
import { abortWord } from "../_commands/abort.ts";
import { send } from "./send.ts";
import { errors } from "../errors.ts";

export const chatMethods = [
  defineMethod({
    name: "chat.send",
    scope: "operator.write",
    summary: "Sends a message to a session; the answer comes as `chat` events under the idempotency key.",
    first: ({ sessionKey }) =>
      sessionKey === undefined
        ? errors.SESSION_MUTATION_TARGET_REQUIRED().with({ details: { method: "chat.send" } })
        : undefined,
    params: closed({
      sessionKey: SessionKey,
      message: Message,
      idempotencyKey: IdempotencyKey,
      agentId: text,
      sessionId: text,
      thinking: text,
      fastMode: any,
      fastAutoOnSeconds: any,
      deliver: flag,
      attachments: Attachments,
      timeoutMs: TimeoutMs,
      queueMode: QueueMode,
      expectedLeafEntryId: Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Null()])),
      replyToId: text,
      originatingChannel: text,
      originatingTo: text,
      originatingAccountId: text,
      originatingThreadId: text,
      systemInputProvenance: any,
      suppressCommandInterpretation: flag,
      intent: any,
    }),
    result: Open,
    async run(call, { idempotencyKey, suppressCommandInterpretation, ...params }) {
      const sessionKey = await sessionOf(call, params, errors.AGENT_GONE);
      const word = /^\s*\/stop\s*$/i.test(params.message) ? "clear" : abortWord(params.message);
      if (word !== undefined && suppressCommandInterpretation !== true) {
        const by = { use: call.use, principal: call.caller.principal };
        const { runIds, helpers } = await stopSession(by, sessionKey, "stop");
        const aborted = runIds.length > 0 || helpers > 0;
        if (aborted || word === "clear") return { ok: true, aborted, runIds };
      }
      return send(call, { ...params, sessionKey, runId: idempotencyKey, plain: suppressCommandInterpretation });
    },
  }),

  defineMethod({
    name: "chat.abort",
    scope: "operator.write",
    summary: "Stops one run of a session, or all of them.",
    params: closed({ sessionKey: SessionKey, runId: text, agentId: text, preserveSideRuns: flag }),
    result: closed({ ok: Type.Boolean(), aborted: Type.Boolean(), runIds: Type.Array(Type.String()) }),
    async run(call, params) {
      const sessionKey = await sessionOf(call, params, errors.AGENT_GONE);
      const by = { use: call.use, principal: call.caller.principal };
      const runIds =
        params.runId === undefined
          ? (await stopSession(by, sessionKey, "rpc")).runIds
          : await (await call.use(Lanes)).abort({ sessionKey, runId: params.runId }, by.principal, "rpc");
      return { ok: true, aborted: runIds.length > 0, runIds: [...runIds] };
    },
  }),
];
