import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { AgentId, Flag, Open } from "../_methods-params.ts";

export const maintenanceMethods = [
  defineMethod({
    name: "sessions.cleanup",
    scope: "operator.admin",
    summary: "Removes old sessions and transcripts as `session.maintenance` says, or tells what would go.",
    params: closed({
      agentId: AgentId,
      allAgents: Flag,
      dryRun: Type.Optional(Type.Boolean({ description: "Only tell" })),
      enforce: Type.Optional(Type.Boolean({ description: "Remove although the mode is `warn`" })),
      fixMissing: Type.Optional(Type.Boolean({ description: "Also entries whose transcript is not there" })),
      activeKey: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: "Session that stays" })),
    }),
    result: closed({ ok: Type.Literal(true), applied: Type.Boolean(), stores: Type.Array(Open) }),
    run: async (call, params) => (await import("./cleanup.ts")).cleanup(call, params),
  }),
];
