/** What all endpoints do around an answer: a place in line, and faults that mean to the client what they say. */
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
