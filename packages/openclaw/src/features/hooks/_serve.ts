/**
 * One request. 1. Method (the listener) · 2. token · 3. what the path names: `wake`, `agent`, mappings or nothing ·
 * 4. body · 5. an action, which the transform of a mapping may change or drop · 6. carried out, once per key.
 */
import { externalText } from "../../base/external.ts";
import { sendJson, sendText } from "../../base/reply.ts";
import { cut } from "../../base/text.ts";
import type { RouteCall } from "../../contracts/route.ts";
import type { InboundService } from "../inbound/index.ts";
import { mainKey, sessionSection, type SystemEventsService } from "../sessions/index.ts";
import { agentAction, text, wakeAction, type Body, type HookAction, type WakeAction } from "./_action.ts";
import { proofOf } from "./_auth.ts";
import { hooksSection } from "./config.ts";
import type { TokenFailures } from "./_failures.ts";
import { actionOf, mappingFor, type HooksConfig } from "./_mapping.ts";
import type { Once } from "../../base/once.ts";
import { basePath, subPath } from "./_path.ts";
import { principalOf, start, type StartDeps } from "./_run.ts";
import type { HookRequest } from "./_template.ts";
import { transform, transformsDir } from "./_transform.ts";

export interface ServeDeps extends StartDeps {
  readonly failures: TokenFailures;
  readonly once: Once<HookAnswer>;
  readonly events: Pick<SystemEventsService, "enqueue">;
  readonly inbound: Pick<InboundService, "wake">;
}

export type HookAnswer = Readonly<Record<string, unknown>>;

export async function serve(deps: ServeDeps, call: RouteCall): Promise<void> {
  const rules = call.config.section(hooksSection);
  if (!proven(deps, call, rules)) return;
  const path = subPath(basePath(rules.path), call.pathname);
  const found = await actionFor(deps, call, { rules, path });
  if (found === "not-found") return sendText(call.response, 404, "Not Found");
  if (found === "skip") return void call.response.writeHead(204).end();
  const { action, body } = found;
  const key = keyOf(call, body);
  const answer = await deps.once.run(key === undefined ? undefined : `${path}\n${key}`, () =>
    carryOut(deps, action, call, key === undefined ? undefined : `${path}\n${key}`),
  );
  sendJson(call.response, 200, answer);
}

/** Answers a request that does not bring the token. */
function proven(deps: ServeDeps, call: RouteCall, rules: HooksConfig): boolean {
  const proof = proofOf({ headers: call.request.headers, query: call.query }, rules);
  if (proof === "ok") return true;
  call.response.setHeader("Cache-Control", "no-store");
  if (proof === "in-query") {
    sendText(
      call.response,
      400,
      "The hook token must be sent in a header: Authorization: Bearer <token>, or x-openclaw-token",
    );
    return false;
  }
  const locked = deps.failures.count(call.bucket);
  if (locked > 0) {
    call.response.setHeader("Retry-After", String(Math.ceil(locked / 1000)));
    sendText(call.response, 429, "Too Many Requests");
  } else sendText(call.response, 401, "Unauthorized");
  return false;
}

type Found = { readonly action: HookAction; readonly body: Body } | "not-found" | "skip";

async function actionFor(
  deps: ServeDeps,
  call: RouteCall,
  { rules, path }: { readonly rules: HooksConfig; readonly path: string },
): Promise<Found> {
  if (path === "") return "not-found";
  if (path === "wake" || path === "agent") {
    const body = await call.json();
    return { action: path === "wake" ? wakeAction(body) : agentAction(body), body };
  }
  if (rules.mappings.length === 0 && rules.presets.length === 0) return "not-found";
  const payload = await call.data();
  const request = requestOf(call, path, payload, deps.platform.clock.now());
  const mapping = mappingFor(rules, request);
  if (mapping === undefined) return "not-found";
  const folder = transformsDir(rules.transformsDir, deps.platform.paths);
  const over =
    mapping.transform === undefined ? {} : await transform({ ...mapping.transform, folder }, request, deps.platform);
  return over === null ? "skip" : { action: actionOf(mapping, request, over), body: isObject(payload) ? payload : {} };
}

function requestOf(call: RouteCall, path: string, payload: unknown, now: number): HookRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.request.headers)) {
    if (!SECRET_HEADERS.has(name)) headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  }
  const query = Object.fromEntries([...call.query].filter(([name]) => name !== "token"));
  return { payload, headers, query, path, now: new Date(now).toISOString() };
}

const SECRET_HEADERS = new Set(["authorization", "proxy-authorization", "x-openclaw-token", "cookie"]);

async function carryOut(
  deps: ServeDeps,
  action: HookAction,
  call: RouteCall,
  key: string | undefined,
): Promise<HookAnswer> {
  if (action.kind === "wake") return wake(deps, action, call);
  return { ok: true, runId: await start(deps, action, { config: call.config, key }) };
}

/** Below what a session's line may be long, so that the marker at its end is not lost. */
const MAX_WAKE = 6000;

async function wake(deps: ServeDeps, action: WakeAction, { config }: RouteCall): Promise<HookAnswer> {
  const sessionKey = mainKey(deps.agents.default(config).id, config.section(sessionSection).mainKey);
  const said = action.external
    ? externalText(
        { source: `Webhook ${action.name}`, text: cut(action.text, MAX_WAKE), notice: "" },
        deps.platform.random,
      )
    : action.text;
  const eventOutcome = await deps.events.enqueue({ sessionKey, text: said, by: principalOf(action.name) });
  if (action.mode === "now") await deps.inbound.wake(sessionKey, `hook:${action.name}`);
  return { ok: true, mode: action.mode, eventOutcome };
}

/** What the caller says to be recognised, at most 256 characters of it. */
function keyOf({ request }: RouteCall, body: Body): string | undefined {
  const header = request.headers["idempotency-key"];
  const given = typeof header === "string" && header.trim() !== "" ? header.trim() : text(body, "idempotencyKey");
  return given?.slice(0, 256);
}

function isObject(value: unknown): value is Body {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
