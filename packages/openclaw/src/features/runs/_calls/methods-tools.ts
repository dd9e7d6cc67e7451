/** `tools.invoke`. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { textOf } from "../../../contracts/message.ts";
import type { ToolResult } from "../../../contracts/tool.ts";
import { Runs } from "../index.ts";

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 512 }));

export const toolMethods = [
  defineMethod({
    name: "tools.invoke",
    scope: "operator.write",
    summary: "Calls one tool outside a run, under the rules of the session. A refusal is a result, not an error.",
    params: closed({
      name: Type.String({ minLength: 1, maxLength: 512 }),
      args: Type.Optional(Type.Unknown({ description: "An object" })),
      sessionKey: name,
      agentId: name,
      confirm: Type.Optional(Type.Boolean()),
      idempotencyKey: name,
    }),
    result: Type.Union([
      closed({
        ok: Type.Literal(true),
        toolName: Type.String(),
        output: Type.Unknown(),
        source: Type.String(),
      }),
      closed({
        ok: Type.Literal(false),
        toolName: Type.String(),
        error: closed({ code: Type.String(), message: Type.String() }),
      }),
    ]),
    async run(call, { name: tool, args, sessionKey, agentId, idempotencyKey }) {
      const { caller, signal } = call;
      const outcome = await (
        await call.use(Runs)
      ).callTool({
        name: tool,
        args,
        sessionKey,
        agentId,
        idempotencyKey,
        principal: caller.principal,
        admin: caller.allows("operator.admin"),
        signal,
      });
      if (!outcome.ok) return outcome;
      const { toolName, source, result } = outcome;
      return { ok: true as const, toolName, output: outputOf(result), source };
    },
  }),
];

/** The tool's structured outcome, else its text. */
function outputOf(result: ToolResult): unknown {
  if (result.details !== undefined) return result.details;
  return textOf({ role: "toolResult", content: result.content } as Parameters<typeof textOf>[0]);
}
