/** Health probes: quick, without secrets, up while the gateway drains. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../base/reply.ts";
import { methodNotAllowed } from "./_reply.ts";

export interface ProbeState {
  readonly version: string;
  readonly uptimeMs: () => number;
  readonly phase: () => "starting" | "ready" | "draining";
  /** Channels in a hard failure, by name. */
  readonly failing: () => readonly string[];
}

const LIVE = new Set(["/health", "/healthz"]);
const STARTUP = new Set(["/startup", "/startupz"]);
const READY = new Set(["/ready", "/readyz"]);

export function isLiveness(pathname: string): boolean {
  return LIVE.has(pathname);
}

export function isProbe(pathname: string): boolean {
  return STARTUP.has(pathname) || READY.has(pathname);
}

export function answerLiveness(request: IncomingMessage, response: ServerResponse): void {
  if (!isRead(request)) return methodNotAllowed(response, ["GET", "HEAD"]);
  sendJson(response, 200, { ok: true, status: "live" });
}

/** `detailed`: the caller is on this machine or authorised. */
export function answerProbe(
  request: IncomingMessage,
  response: ServerResponse,
  probe: { pathname: string; state: ProbeState; detailed: boolean },
): void {
  if (!isRead(request)) return methodNotAllowed(response, ["GET", "HEAD"]);
  const answer = STARTUP.has(probe.pathname) ? startup(probe.state) : readiness(probe.state);
  sendJson(response, answer.ok ? 200 : 503, { ...answer.brief, ...(probe.detailed ? answer.details : {}) });
}

interface Answer {
  readonly ok: boolean;
  readonly brief: object;
  readonly details: object;
}

function startup(state: ProbeState): Answer {
  const phase = state.phase();
  const ok = phase === "ready";
  const status = ok ? "started" : phase;
  const pending = ok ? {} : { pendingReason: phase === "starting" ? "startup-sidecars" : "draining" };
  return { ok, brief: { ok, status }, details: { version: state.version, uptimeMs: state.uptimeMs(), ...pending } };
}

function readiness(state: ProbeState): Answer {
  const phase = state.phase();
  const failing = [
    ...(phase === "starting" ? ["startup-sidecars"] : []),
    ...(phase === "draining" ? ["draining"] : []),
    ...state.failing(),
  ];
  const ready = failing.length === 0;
  return { ok: ready, brief: { ready }, details: { failing, uptimeMs: state.uptimeMs() } };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}
