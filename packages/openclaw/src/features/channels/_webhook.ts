/** A channel's webhook as a route of the gateway's port. */
import { sendText } from "../../base/reply.ts";
import type { Webhook, WebhookAnswer } from "../../contracts/channel.ts";
import { defineRoute, type Route, type RouteCall } from "../../contracts/route.ts";

const MAX_BODY = 1_000_000;
/** Below it the gateway's own secret is asked for as well. */
const GUARDED = "/api/channels/";

export function webhookRoute(owner: string, webhook: Webhook): Route {
  return defineRoute({
    methods: webhook.methods ?? ["POST"],
    paths: [webhook.path],
    auth: webhook.path.startsWith(GUARDED) ? "gateway" : "own",
    summary: `Webhook of ${owner}.`,
    bodyLimit: webhook.bodyLimit ?? MAX_BODY,
    errors: "text",
    run: async (call) => answer(call, await webhook.handle(requestOf(call))),
  });
}

function requestOf(call: RouteCall) {
  const { method = "GET", headers } = call.request;
  return { method, headers, query: call.query, body: () => call.body() };
}

function answer({ response }: RouteCall, { status, headers = {}, body = "" }: WebhookAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const type = response.getHeader("Content-Type");
  sendText(response, status, body, typeof type === "string" ? type : undefined);
}
