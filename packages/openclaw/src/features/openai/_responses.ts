/** `POST /v1/responses`. */
import { uuid } from "../../base/ids.ts";
import { sendJson } from "../../base/reply.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { answering } from "./_answering.ts";
import { failureOf } from "./_failure.ts";
import { callItem, messageItem, responseObject } from "./_response-object.ts";
import type { ResponseFacts } from "./_response-object.ts";
import { streamResponse } from "./_response-stream.ts";
import { readResponses } from "./_responses-request.ts";
import type { ResponsesAsk } from "./_responses-request.ts";
import { start } from "./_run.ts";
import type { Question } from "./_run.ts";
import { targetOf } from "./_target.ts";

export function responses(call: RouteCall): Promise<void> {
  return answering(call, async (body) => {
    const ask = await readResponses(call, body);
    const { model, user, previous } = ask;
    const wanted = { ...(user === undefined ? {} : { user }), ...(previous === undefined ? {} : { previous }) };
    const target = await targetOf(call, { api: "responses", model, ...wanted });
    const runId = `resp_${uuid(call.platform.random)}`;
    const createdAt = Math.floor(call.platform.clock.now() / 1000);
    const facts = { id: runId, createdAt, model, ...(previous === undefined ? {} : { previous }) };
    const question = { runId, ask, target };
    await (ask.stream ? streamResponse(call, question, facts) : whole(call, question, { ask, facts }));
  });
}

async function whole(
  call: RouteCall,
  question: Question,
  { ask, facts }: { ask: ResponsesAsk; facts: ResponseFacts },
): Promise<void> {
  const { ended } = await start(call, question);
  const result = await ended;
  if (call.signal.aborted) return;
  const failure = failureOf(result, ask);
  // With `tool_choice` unmet there is an answer all the same: it is shown, as failed.
  if (failure && (failure.code !== "API_CHOICE_UNMET" || !result)) throw failure;
  if (!result) return;
  const id = () => uuid(call.platform.random);
  const { calls = [], texts, usage, stopReason } = result;
  const text = texts.join("\n\n");
  const phase = calls.length > 0 ? "commentary" : "final_answer";
  const status = stopReason === "length" ? "incomplete" : "completed";
  const output = [
    ...(text !== "" || calls.length === 0 ? [messageItem(`msg_${id()}`, { status, phase, text })] : []),
    ...calls.map((one) => callItem(`call_${id()}`, one)),
  ];
  const error = failure && { error: { code: "api_error", message: failure.message } };
  if (failure) call.response.setHeader("x-should-retry", "false");
  sendJson(
    call.response,
    failure?.status ?? 200,
    responseObject(facts, { status: failure ? "failed" : status, output, usage, ...error }),
  );
}
