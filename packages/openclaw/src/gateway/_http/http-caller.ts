/** Whom an HTTP request acts as, and with which scopes. */
import type { IncomingMessage } from "node:http";
import { OWNER_SCOPES, type Principal } from "../../contracts/principal.ts";
import type { HttpCaller } from "../../contracts/route.ts";
import type { Visitor } from "./http-auth.ts";
import { userScopes } from "../_auth/proxy-identity.ts";
import { allows } from "../_auth/scopes.ts";
import type { Settings } from "../_listen/settings.ts";

/** What a caller has who says nothing else. */
const DEFAULT_SCOPES: readonly string[] = OWNER_SCOPES.filter(
  (scope) => scope !== "operator.questions" && scope !== "operator.talk",
);

/** The shared secret is the owner whatever it asks; who brings no secret may ask for less by `x-openclaw-scopes`. */
export function httpCaller(request: IncomingMessage, who: Visitor, settings: Settings): HttpCaller {
  if (!who.authorized) return caller("none", []);
  if (who.user !== undefined) return ofUser(who.user, userScopes(request, who.user, settings, DEFAULT_SCOPES));
  if (settings.auth.mode !== "none") return caller("secret", DEFAULT_SCOPES);
  const header = request.headers["x-openclaw-scopes"];
  if (header === undefined) return caller("open", DEFAULT_SCOPES);
  const asked = String(header)
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
  return caller("open", asked);
}

function ofUser(user: string, scopes: readonly string[]): HttpCaller {
  const role = allows(scopes, "operator.admin") ? "owner" : "member";
  const principal: Principal = { kind: "person", id: `trusted-proxy:${user}`, role, scopes };
  return { principal, proof: "proxy", scopes, allows: (scope) => allows(scopes, scope) };
}

function caller(proof: HttpCaller["proof"], scopes: readonly string[]): HttpCaller {
  const owner = proof === "secret" || (proof !== "none" && allows(scopes, "operator.admin"));
  const principal: Principal = { kind: "device", id: "http", role: owner ? "owner" : "member", scopes };
  return { principal, proof, scopes, allows: (scope) => allows(scopes, scope) };
}
