/** `POST /tools/invoke`. */
import { sendJson } from "../../../base/reply.ts";
import type { RouteCall } from "../../../contracts/route.ts";
import { errors } from "../errors.ts";
import { Runs } from "../index.ts";
import type { ToolOutcome } from "../index.ts";

export async function invokeTool(call: RouteCall): Promise<void> {
  const body = await call.json();
  const name = text(body, "name") ?? text(body, "tool");
  if (name === undefined) throw errors.TOOL_PLACE({ message: "tools.invoke requires name" });
  const outcome = await (
    await call.use(Runs)
  ).callTool({
    name,
    action: text(body, "action"),
    args: body["args"],
    sessionKey: text(body, "sessionKey"),
    agentId: text(body, "agentId"),
    idempotencyKey: text(body, "idempotencyKey"),
    principal: call.caller.principal,
    admin: call.caller.allows("operator.admin"),
    signal: call.signal,
  });
  if (outcome.ok) return sendJson(call.response, 200, { ok: true, result: outcome.result });
  const { type, status, message } = refusal(name, outcome.error);
  sendJson(call.response, status, { ok: false, error: { type, message } });
}

type Refused = Extract<ToolOutcome, { ok: false }>["error"];

const STATUS: Readonly<Record<Refused["code"], number>> = {
  not_found: 404,
  invalid_request: 400,
  tool_error: 400,
  forbidden: 403,
  internal: 500,
};

function refusal(name: string, { code, message }: Refused) {
  // Whether a tool is unknown or denied is nobody's business.
  if (code === "not_found") return { type: code, status: 404, message: `Tool not available: ${name}` };
  return { type: code === "internal" ? "tool_error" : code, status: STATUS[code], message };
}

function text(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw errors.TOOL_PLACE({ message: `${name}: expected string` });
  return value.trim() === "" ? undefined : value.trim();
}
