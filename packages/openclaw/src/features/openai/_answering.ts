/**
 * What every endpoint does. 1 method, auth and scope (the listener) · 2 body · 3 a place among the requests under
 * way · 4 the question, checked: `_chat-request.ts`, `_responses-request.ts` · 5 agent and session: `_target.ts` ·
 * 6 a turn like any other: `_run.ts` · 7 its end, whole or streamed. Faults mean to the client what they say.
 */
import { Fault } from "../../base/errors.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { OpenAi } from "./index.ts";
import type { Json } from "./_fields.ts";
import { presentable } from "./_failure.ts";

export async function answering(call: RouteCall, work: (body: Json) => Promise<void>): Promise<void> {
  const body = await call.json();
  const service = await call.use(OpenAi);
  try {
    const leave = service.enter();
    try {
      await work(body);
    } finally {
      leave();
      service.tidy();
    }
  } catch (error) {
    if (call.signal.aborted) return;
    if (!(error instanceof Fault) || call.response.headersSent) throw error;
    // The run was patient already, and what its tools did must not be done again unasked.
    if (error.status >= 500 && !error.retryable) call.response.setHeader("x-should-retry", "false");
    throw presentable(error);
  }
}
