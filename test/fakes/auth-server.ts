/**
 * FAKE of an authorization server on the loopback: authorization codes with PKCE (RFC 6749, 7636), device codes
 * (RFC 8628) and refresh tokens that rotate. It refuses whatever a real one has to refuse.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface AuthServer {
  readonly origin: string;
  /** What was asked of the token endpoint. */
  readonly asked: Record<string, string>[];
  /** Refresh tokens that were used a second time: a real server ends the login then. */
  readonly reused: string[];
  /** The person says yes to a device code, or no. */
  decide(userCode: string, answer: "yes" | "no"): void;
  /** How the next polls are answered, before anything else. */
  readonly polls: string[];
  /** Seconds that a token lasts. */
  lasts: number;
  /** Answers the next refresh so. */
  refuseRefresh: string | undefined;
  close(): Promise<void>;
}

interface Pending {
  readonly challenge: string | undefined;
  readonly redirect: string;
  used: boolean;
}

const digest = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");
const fresh = (name: string) => `${name}-${randomBytes(9).toString("base64url")}`;

export async function startAuthServer(clientId: string): Promise<AuthServer> {
  const codes = new Map<string, Pending>();
  const devices = new Map<string, { userCode: string; challenge: string | undefined; answer?: "yes" | "no" }>();
  const refreshes = new Set<string>();
  const spent = new Set<string>();

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: AuthServer = {
    origin,
    asked: [],
    reused: [],
    polls: [],
    lasts: 3600,
    refuseRefresh: undefined,
    decide(userCode, decision) {
      for (const device of devices.values()) if (device.userCode === userCode) device.answer = decision;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/authorize") return authorize(url.searchParams, response);
    let text = "";
    for await (const piece of request) text += String(piece);
    const form = Object.fromEntries(new URLSearchParams(text));
    const send = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (form["client_id"] !== clientId) return send(401, { error: "invalid_client" });
    if (url.pathname === "/device") {
      const code = fresh("device");
      const userCode = fresh("USER").slice(0, 9);
      devices.set(code, { userCode, challenge: form["code_challenge"] });
      const verification_uri = `${origin}/enter`;
      return send(200, { device_code: code, user_code: userCode, verification_uri, expires_in: 600, interval: 1 });
    }
    fake.asked.push(form);
    const [status, body] = token(form);
    send(status, body);
  }

  /** The person logs in at once, and the browser is sent back. */
  function authorize(params: URLSearchParams, response: ServerResponse): void {
    const redirect = params.get("redirect_uri") ?? "";
    if (params.get("client_id") !== clientId || params.get("response_type") !== "code" || !params.get("state")) {
      response.writeHead(400).end();
      return;
    }
    const code = fresh("code");
    codes.set(code, { challenge: params.get("code_challenge") ?? undefined, redirect, used: false });
    const back = new URL(redirect);
    back.searchParams.set("code", code);
    back.searchParams.set("state", params.get("state") ?? "");
    response.writeHead(302, { location: back.href }).end();
  }

  function token(form: Record<string, string>): [number, object] {
    const grant = form["grant_type"];
    if (grant === "authorization_code") {
      const found = codes.get(form["code"] ?? "");
      if (!found || found.used || found.redirect !== form["redirect_uri"]) return [400, { error: "invalid_grant" }];
      found.used = true;
      if (found.challenge !== digest(form["code_verifier"] ?? ""))
        return [400, { error: "invalid_grant", error_description: "the verifier does not fit" }];
      return granted();
    }
    if (grant === "refresh_token") return renewed(form["refresh_token"] ?? "");
    if (grant !== "urn:ietf:params:oauth:grant-type:device_code") return [400, { error: "unsupported_grant_type" }];
    const device = devices.get(form["device_code"] ?? "");
    const poll = fake.polls.shift();
    if (poll !== undefined) return [400, { error: poll }];
    if (!device) return [400, { error: "expired_token" }];
    if (device.answer === undefined) return [400, { error: "authorization_pending" }];
    devices.delete(form["device_code"] ?? "");
    if (device.answer === "no") return [400, { error: "access_denied", error_description: "the person said no" }];
    if (device.challenge !== undefined && device.challenge !== digest(form["code_verifier"] ?? ""))
      return [400, { error: "invalid_grant" }];
    return granted();
  }

  function renewed(refresh: string): [number, object] {
    if (fake.refuseRefresh !== undefined)
      return [400, { error: "invalid_grant", error_description: fake.refuseRefresh }];
    if (spent.has(refresh)) fake.reused.push(refresh);
    if (!refreshes.delete(refresh) && refresh !== "first-refresh") return [400, { error: "invalid_grant" }];
    spent.add(refresh);
    return granted();
  }

  function granted(): [number, object] {
    const refresh = fresh("refresh");
    refreshes.add(refresh);
    const claims = { email: "me@example.com", "https://api.openai.com/auth": { chatgpt_account_id: "acct-1" } };
    const id = ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");
    return [
      200,
      {
        access_token: fresh("access"),
        refresh_token: refresh,
        expires_in: fake.lasts,
        token_type: "Bearer",
        id_token: id,
      },
    ];
  }
}
