/** The Control UI's part of the port: its data for those who bring the secret, its files for everybody. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../base/reply.ts";
import { answerAvatar, avatarOf } from "./avatar.ts";
import type { HttpParts } from "../http.ts";
import { queryOf } from "./http-request.ts";
import { methodNotAllowed, notFound } from "./reply.ts";
import { admitted, passesProxyRule, stranger, visitor } from "./serve-route.ts";

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
    return guarded(request, response, parts, async () => sendJson(response, 200, await parts.uiConfig(), "no-cache"));
  const id = avatarOf(pathname, settings.ui.basePath);
  if (id !== undefined) {
    const { use, platform } = parts;
    const meta = queryOf(request.url ?? "").get("meta") === "1";
    const of = { id, meta, basePath: settings.ui.basePath, use, platform };
    return guarded(request, response, parts, () => answerAvatar(request, response, of));
  }
  // Without a secret and under the switch, whoever comes through a proxy that nobody listed gets nothing at all.
  const closed = settings.strictProxies || settings.auth.mode === "none";
  if (closed && !passesProxyRule(stranger(request, parts), response, parts)) return;
  return ui.answer(request, response, pathname);
}

/** Data of the page, for those who bring the secret. */
async function guarded(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HttpParts,
  answer: () => Promise<void>,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed(response, ["GET", "HEAD"]);
  const who = visitor(request, parts);
  if (!passesProxyRule(who, response, parts)) return;
  if (await admitted(request, response, who, parts)) await answer();
}
