/** The Control UI's part of the port: its configuration for those who bring the secret, its files for everybody. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../base/reply.ts";
import type { HttpParts } from "./http.ts";
import { methodNotAllowed, notFound } from "./_reply.ts";
import { admitted, passesProxyRule, stranger, visitor } from "./_serve-route.ts";

const CONFIG_ALIASES = ["/__openclaw__/control-ui-config.json", "/__openclaw/control-ui-config.json"];

export async function answerUi(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  parts: HttpParts,
): Promise<void> {
  const { ui, settings } = parts;
  if (ui === undefined) return notFound(response);
  if (pathname === `${settings.ui.basePath}/control-ui-config.json` || CONFIG_ALIASES.includes(pathname))
    return serveConfig(request, response, parts);
  // Without a secret and under the switch, whoever comes through a proxy that nobody listed gets nothing at all.
  const guarded = settings.strictProxies || settings.auth.mode === "none";
  if (guarded && !passesProxyRule(stranger(request, parts), response, parts)) return;
  return ui.answer(request, response, pathname);
}

async function serveConfig(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed(response, ["GET", "HEAD"]);
  const who = visitor(request, parts);
  if (!passesProxyRule(who, response, parts)) return;
  if (!(await admitted(request, response, who, parts))) return;
  sendJson(response, 200, await parts.uiConfig(), "no-cache");
}
