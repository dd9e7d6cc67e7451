/** What both APIs do around an answer: a place in line, and errors in the shape of the API. */
import { Fault } from "../../base/errors.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { OpenAi } from "./index.ts";
import type { Json } from "./_fields.ts";
import { presentable } from "./_failure.ts";
import { sendFault } from "./_reply.ts";

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
    sendFault(call.response, presentable(error));
  }
}
