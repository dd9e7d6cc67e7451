/**
 * Anthropic's Messages API over server-sent events, and the gateways that speak it.
 * Source: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
import { defineDialect } from "../../contracts/model.ts";
import type { DialectIo, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { longWindow } from "../_long-window.ts";
import { refusesLongContext } from "./_classify.ts";
import { AnthropicReader } from "./_read-anthropic.ts";
import { anthropicCall } from "./_request-anthropic.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: anthropicCall,
  reader: (...args: ConstructorParameters<typeof AnthropicReader>) => new AnthropicReader(...args),
};

export const dialect = defineDialect({ id: "anthropic-messages", stream: streamInWindow });

/** Asks for the long window where the operator wants it, and once more without when this credential may not have it. */
async function* streamInWindow(request: ModelRequest, io: DialectIo): AsyncGenerator<ModelEvent, void> {
  const { endpoint } = request;
  const window = longWindow(endpoint);
  if (window === "refused")
    io.log.warn("context1m is left out: tokens of a subscription are not eligible for the long context window.");
  if (window !== "asked") return yield* streamOver(protocol, request, io);
  for await (const event of streamOver(protocol, request, io)) {
    if (event.type !== "error" || !refusesLongContext(event.failure)) {
      yield event;
      continue;
    }
    io.log.warn("context1m is left out: this credential is not eligible for the long context window.");
    return yield* streamOver(
      protocol,
      { ...request, endpoint: { ...endpoint, params: { ...endpoint.params, context1m: false } } },
      io,
    );
  }
}
