/** Logging in with a code that is typed on another machine (RFC 8628). */
import { createHash } from "node:crypto";
import type { Loose } from "../../base/record.ts";
import { printable } from "../../base/text.ts";
import { errors } from "../errors.ts";
import { clientOf } from "./browser-login.ts";
import type { LoginDeps, LoginUi } from "./browser-login.ts";
import type { DeviceFlow, Tokens } from "./flow.ts";
import { askTokens, tokensOf } from "./token-endpoint.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const DEFAULT_INTERVAL_S = 5;
const LONGEST_S = 30 * 60;
/** Added when the server asks for it (RFC 8628, 3.5). */
const SLOWER_S = 5;

/** Throws `LOGIN_REFUSED`, `LOGIN_ENDED` or `LOGIN_CLIENT_MISSING`. */
export async function loginWithCode(flow: DeviceFlow, deps: LoginDeps, ui: LoginUi): Promise<Tokens> {
  const { fetch, clock, random, env } = deps;
  const { provider } = flow;
  const refuse = (reason: string) => errors.LOGIN_REFUSED({ provider, reason });
  const clientId = clientOf(flow, env);
  const verifier = random.bytes(48).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const proof: Record<string, string> = flow.pkce ? { code_challenge: challenge, code_challenge_method: "S256" } : {};
  const asked = { client_id: clientId, scope: flow.scope, ...proof };
  const begun = await askTokens(fetch, {
    url: flow.deviceUrl,
    params: asked,
    headers: flow.headers,
    signal: ui.signal,
  });
  if ("error" in begun) throw refuse(begun.reason);
  const code = begun.body["device_code"];
  if (typeof code !== "string") throw refuse("no code came back");
  tell(begun.body, ui);
  const until = clock.monotonic() + seconds(begun.body["expires_in"], 900, LONGEST_S) * 1000;
  let interval = seconds(begun.body["interval"], DEFAULT_INTERVAL_S, 60);
  const params = {
    grant_type: GRANT,
    device_code: code,
    client_id: clientId,
    ...(flow.pkce ? { code_verifier: verifier } : {}),
  };
  while (clock.monotonic() < until) {
    await clock.sleep(interval * 1000, ui.signal);
    const answer = await askTokens(fetch, { url: flow.tokenUrl, params, headers: flow.headers, signal: ui.signal });
    if ("body" in answer) {
      const tokens = tokensOf(answer.body, clock.now());
      if (tokens) return tokens;
      throw refuse("no token came back");
    }
    if (answer.error === "slow_down") interval += SLOWER_S;
    else if (answer.error === "expired_token") break;
    else if (answer.error !== "authorization_pending" && answer.error !== "unreachable") throw refuse(answer.reason);
  }
  throw errors.LOGIN_ENDED({ provider });
}

function tell(body: Loose, ui: LoginUi): void {
  const text = (value: unknown) => (typeof value === "string" ? printable(value) : "");
  const address =
    text(body["verification_uri_complete"]) || text(body["verification_uri"]) || text(body["verification_url"]);
  ui.show(`Open ${address} in a browser on any machine and enter the code: ${text(body["user_code"])}\n`);
}

function seconds(value: unknown, otherwise: number, most: number): number {
  const given = Number(value);
  return Number.isFinite(given) && given > 0 ? Math.min(given, most) : otherwise;
}
