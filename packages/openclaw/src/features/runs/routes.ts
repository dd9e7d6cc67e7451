/** Conversations and tools over HTTP, for programs that do not speak the gateway's protocol. */
import { defineRoute } from "../../contracts/route.ts";

export const routes = [
  defineRoute({
    methods: ["POST"],
    paths: ["/tools/invoke"],
    auth: "gateway",
    scope: "operator.write",
    summary: "Calls one tool outside a run, under the rules of the session.",
    bodyLimit: 2 * 1024 * 1024,
    errors: "ok",
    run: async (call) => (await import("./_calls/http.ts")).invokeTool(call),
  }),
  defineRoute({
    methods: ["GET"],
    paths: ["/sessions/{key}/history"],
    auth: "gateway",
    scope: "operator.read",
    summary: "Messages of a conversation, newest last; as an event stream also those to come.",
    bodyLimit: 0,
    errors: "ok",
    run: async (call) => (await import("./_history/http.ts")).serveHistory(call),
  }),
  defineRoute({
    methods: ["POST"],
    paths: ["/sessions/{key}/kill"],
    auth: "gateway",
    scope: "operator.admin",
    summary: "Stops the turn that runs in a conversation, and drops what waits.",
    bodyLimit: 1024,
    errors: "ok",
    run: async (call) => (await import("./_history/http.ts")).kill(call),
  }),
];
