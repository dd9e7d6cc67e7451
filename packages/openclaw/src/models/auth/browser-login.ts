/**
 * Logging in with a browser (RFC 8252, RFC 7636):
 *
 * 1. the person is given an address, with a challenge and a state that only this process knows
 * 2. the answer comes to a listener on this machine, or is pasted by whoever sits at another one
 * 3. its code is exchanged, together with what proves that it was asked for here
 */
import { createHash } from "node:crypto";
import { secretsEqual } from "../../base/compare.ts";
import type { Fetch } from "../../base/fetch.ts";
import { createServer } from "../../base/http.ts";
import type { Random } from "../../base/ids.ts";
import type { Clock } from "../../base/time.ts";
import type { Env } from "../../base/env.ts";
import { plainLine, shortened } from "../../base/text.ts";
import { errors } from "../errors.ts";
import type { BrowserFlow, Tokens } from "./flow.ts";
import { askTokens, tokensOf } from "./token-endpoint.ts";

/** How a login speaks with the person. */
export interface LoginUi {
  show(text: string): void;
  /** What was typed; undefined when the input ended. Rejects when `signal` aborts. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
  readonly signal: AbortSignal;
  /** The browser is on another machine: nothing can come to a listener here. */
  readonly remote?: boolean;
}

export interface LoginDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Env;
}

const LONGEST_MS = 10 * 60_000;

/** Throws `LOGIN_REFUSED`, `LOGIN_ENDED` or `LOGIN_CLIENT_MISSING`. */
export async function loginInBrowser(flow: BrowserFlow, deps: LoginDeps, ui: LoginUi): Promise<Tokens> {
  const clientId = clientOf(flow, deps.env);
  const verifier = deps.random.bytes(48).toString("base64url");
  const state = deps.random.bytes(24).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const address = addressOf(flow, { clientId, state, challenge });
  const code = await codeFor(flow, { state, address }, deps, ui);
  return exchange(flow, { code, verifier, clientId }, deps, ui.signal);
}

/** Throws `LOGIN_CLIENT_MISSING`. */
export function clientOf(flow: Pick<BrowserFlow, "clientId" | "clientIdEnv" | "provider">, env: Env): string {
  const id = flow.clientId(env);
  if (id === undefined || (id === "" && flow.clientIdEnv !== undefined))
    throw errors.LOGIN_CLIENT_MISSING({ provider: flow.provider, variable: flow.clientIdEnv ?? "" });
  return id;
}

function addressOf(
  flow: BrowserFlow,
  { clientId, state, challenge }: { readonly clientId: string; readonly state: string; readonly challenge: string },
): string {
  const url = new URL(flow.authorizeUrl);
  const proof = { code_challenge: challenge, code_challenge_method: "S256" };
  const callback = new URL(flow.redirectUri);
  if (flow.gives === "key") callback.searchParams.set("state", state);
  const params =
    flow.gives === "key"
      ? { callback_url: callback.href, ...proof }
      : {
          response_type: "code",
          client_id: clientId,
          redirect_uri: flow.redirectUri,
          scope: flow.scope,
          state,
          ...proof,
        };
  for (const [name, value] of Object.entries({ ...params, ...flow.extra })) url.searchParams.set(name, value);
  return url.href;
}

async function codeFor(
  flow: BrowserFlow,
  { state, address }: { readonly state: string; readonly address: string },
  { clock }: LoginDeps,
  ui: LoginUi,
): Promise<string> {
  const done = new AbortController();
  const ends = AbortSignal.any([ui.signal, done.signal]);
  const cancel = clock.timer(LONGEST_MS, () => done.abort(errors.LOGIN_ENDED({ provider: flow.provider })));
  try {
    const listener = ui.remote ? undefined : callback(flow, state, ends);
    const listening = listener?.code;
    await listener?.ready;
    ui.show(`Open this address in a browser and log in:\n\n${address}\n`);
    const pasted = (async () => {
      for (;;) {
        const text = await ui.ask("Or paste the address that the browser shows in the end", ends);
        if (text === undefined) return listening ?? Promise.reject(errors.LOGIN_ENDED({ provider: flow.provider }));
        const found = pastedCode(text, state, flow.redirectUri);
        if ("code" in found) return found.code;
        ui.show(found.problem);
      }
    })();
    pasted.catch(() => undefined);
    return await Promise.race(listening ? [listening, pasted] : [pasted]);
  } finally {
    cancel();
    done.abort(errors.LOGIN_ENDED({ provider: flow.provider }));
  }
}

const OTHERS = "This belongs to another login. Try again.";

/**
 * An address, its query, `code#state`, or the code alone. A whole address must be the one that this login leads back
 * to and hold its state: the code of another company must not be sent to this one.
 */
export function pastedCode(
  text: string,
  state: string,
  redirectUri: string,
): { readonly code: string } | { readonly problem: string } {
  const given = text.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given);
  if (whole && !leadsTo(given, redirectUri)) return { problem: OTHERS };
  const query = given.includes("code=") ? given.slice(given.search(/[?#]|code=/)).replace(/^[?#]/, "") : undefined;
  if (query === undefined) {
    const [code = "", own] = given.split("#");
    if (own !== undefined && !secretsEqual(own, state)) return { problem: OTHERS };
    return /^[\w.~+/=-]{8,}$/.test(code) ? { code } : { problem: "There is no code in it. Paste the whole address." };
  }
  const params = new URLSearchParams(query.replace("#", "&"));
  const told = params.get("state");
  if (whole || told !== null ? !secretsEqual(told ?? "", state) : false) return { problem: OTHERS };
  const code = params.get("code");
  return code ? { code } : { problem: "There is no code in it. Paste the whole address." };
}

/** Whatever name the loopback goes by. */
function leadsTo(given: string, redirectUri: string): boolean {
  if (!URL.canParse(given)) return false;
  const place = (url: URL) =>
    `${url.protocol}//${url.hostname.replace(/^(?:127\.0\.0\.1|\[::1\])$/, "localhost")}:${url.port}${url.pathname}`;
  return place(new URL(given)) === place(new URL(redirectUri));
}

/** The code comes never when nobody can listen there, so that it can be pasted. Ends with the signal. */
function callback(flow: BrowserFlow, state: string, ends: AbortSignal) {
  const { port, pathname } = new URL(flow.redirectUri);
  const { promise: code, resolve, reject } = Promise.withResolvers<string>();
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
  code.catch(() => undefined);
  let used = false;
  const server = createServer((request, response) => {
    const asked = `http://127.0.0.1${request.url ?? "/"}`;
    const url = new URL(URL.canParse(asked) ? asked : "http://127.0.0.1/");
    const say = (status: number, text: string) => {
      const safe = {
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      };
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close", ...safe });
      response.end(text);
    };
    if (request.method !== "GET" || url.pathname !== pathname) return say(404, "Not here.\n");
    if (!secretsEqual(url.searchParams.get("state") ?? "", state)) return say(400, "This belongs to another login.\n");
    if (used) return say(400, "This login has been answered.\n");
    used = true;
    const found = url.searchParams.get("code");
    say(found ? 200 : 400, found ? "Logged in. You can close this window.\n" : "The login was refused.\n");
    if (found) return resolve(found);
    const reason = url.searchParams.get("error_description") ?? url.searchParams.get("error") ?? "no code came back";
    reject(errors.LOGIN_REFUSED({ provider: flow.provider, reason: shortened(plainLine(reason), 200) }));
  });
  server.on("error", () => isReady()); // Taken by another program: the address is pasted then.
  server.listen(Number(port), "127.0.0.1", () => isReady());
  const end = () => {
    server.close();
    setImmediate(() => server.closeAllConnections());
    reject(ends.reason as Error);
  };
  if (ends.aborted) end();
  else ends.addEventListener("abort", end, { once: true });
  return { code, ready };
}

interface Code {
  readonly code: string;
  readonly verifier: string;
  readonly clientId: string;
}

async function exchange(
  flow: BrowserFlow,
  { code, verifier, clientId }: Code,
  deps: LoginDeps,
  signal: AbortSignal,
): Promise<Tokens> {
  const secret = flow.clientSecret?.(deps.env);
  const key = flow.gives === "key";
  const params = key
    ? { code, code_verifier: verifier, code_challenge_method: "S256" }
    : {
        grant_type: "authorization_code",
        code,
        redirect_uri: flow.redirectUri,
        client_id: clientId,
        code_verifier: verifier,
        ...(secret ? { client_secret: secret } : {}),
      };
  const answer = await askTokens(deps.fetch, { url: flow.tokenUrl, params, headers: flow.headers, json: key, signal });
  if ("error" in answer) throw errors.LOGIN_REFUSED({ provider: flow.provider, reason: answer.reason });
  const body = key ? { access_token: answer.body["key"] } : answer.body;
  const tokens = tokensOf(body, deps.clock.now());
  if (!tokens) throw errors.LOGIN_REFUSED({ provider: flow.provider, reason: "no token came back" });
  return tokens;
}
