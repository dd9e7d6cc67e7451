/** `POST /v1/chat/completions`. */
import { promptTokens } from "../../contracts/message.ts";
import { uuid } from "../../base/ids.ts";
import { sendJson } from "../../base/reply.ts";
import type { RouteCall } from "../../contracts/route.ts";
import type { TurnResult } from "../../store/index.ts";
import { answering } from "./_answering.ts";
import { readChat } from "./_chat-request.ts";
import type { ChatAsk } from "./_chat-request.ts";
import { errorOf, failureOf } from "./_failure.ts";
import { start } from "./_run.ts";
import type { CallPiece, Question } from "./_run.ts";
import { EventStream } from "./_sse.ts";
import { targetOf } from "./_target.ts";

export function chat(call: RouteCall): Promise<void> {
  return answering(call, async (body) => {
    const ask = await readChat(call, body);
    const target = await targetOf(call, {
      api: "chat",
      model: ask.model,
      ...(ask.user === undefined ? {} : { user: ask.user }),
    });
    const question = { runId: `chatcmpl_${uuid(call.platform.random)}`, ask, target };
    await (ask.stream ? stream(call, ask, question) : whole(call, ask, question));
  });
}

async function whole(call: RouteCall, ask: ChatAsk, question: Question): Promise<void> {
  const { ended } = await start(call, question);
  const result = await ended;
  if (call.signal.aborted) return;
  const failure = failureOf(result, ask);
  if (failure) throw failure;
  if (!result) return;
  const { calls = [] } = result;
  const message = {
    role: "assistant",
    content: result.texts.join("\n\n"),
    ...(calls.length > 0 && { tool_calls: calls.map(wireCall) }),
  };
  sendJson(call.response, 200, {
    ...head(call, question, "chat.completion"),
    choices: [{ index: 0, message, finish_reason: finishReason(result) }],
    usage: usageOf(result),
  });
}

async function stream(call: RouteCall, ask: ChatAsk, question: Question): Promise<void> {
  const base = head(call, question, "chat.completion.chunk");
  const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
  const chunk = (delta: object, finish: string | null = null) =>
    event({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
  const out = new EventStream(call, (content) => chunk({ content }));
  const shown: string[] = [];
  const onCall = ({ index, id, name, delta = "" }: CallPiece): void => {
    if (name !== undefined) shown[index] = "";
    shown[index] += delta;
    const named = name === undefined ? {} : { id, type: "function" };
    out.write(chunk({ tool_calls: [{ index, ...named, function: { ...(name && { name }), arguments: delta } }] }));
  };
  const { ended } = await start(call, { ...question, onText: (delta) => out.text(delta), onCall });
  out.open(chunk({ role: "assistant" }));
  const result = await ended;
  if (call.signal.aborted) return;
  const failure = failureOf(result, ask);
  if (failure || !result) return out.end(`${failure ? event({ error: errorOf(failure) }) : ""}data: [DONE]\n\n`);
  // Most models write their arguments piece by piece; what came in one piece follows here.
  for (const [index, { id, name, arguments: text }] of (result.calls ?? []).entries()) {
    if (shown[index] === undefined) onCall({ index, id, name });
    if (shown[index]?.trim() === "") onCall({ index, delta: text });
  }
  out.end(
    [
      chunk({}, finishReason(result)),
      ...(ask.includeUsage ? [event({ ...base, choices: [], usage: usageOf(result) })] : []),
      "data: [DONE]\n\n",
    ].join(""),
  );
}

function head(call: RouteCall, { runId, ask }: Question, object: string) {
  return { id: runId, object, created: Math.floor(call.platform.clock.now() / 1000), model: ask.model };
}

function wireCall({ id, name, arguments: text }: NonNullable<TurnResult["calls"]>[number]) {
  return { id, type: "function", function: { name, arguments: text } };
}

function finishReason({ calls = [], stopReason }: TurnResult): string {
  if (calls.length > 0) return "tool_calls";
  return stopReason === "length" ? "length" : "stop";
}

function usageOf({ usage }: TurnResult) {
  const prompt = promptTokens(usage);
  return { prompt_tokens: prompt, completion_tokens: usage.output, total_tokens: prompt + usage.output };
}
