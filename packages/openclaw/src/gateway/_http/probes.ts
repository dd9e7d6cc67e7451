/** Health probes: quick, without secrets, up while the gateway drains. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../base/reply.ts";
import type { EventLoopFigures } from "../_event-loop.ts";
import { methodNotAllowed } from "./reply.ts";

type ProbeDetails = () => EventLoopFigures;

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

/** `eventLoop`: given when the caller is on this machine or authorised, and so gets everything. */
export function answerProbe(
  request: IncomingMessage,
  response: ServerResponse,
  probe: { pathname: string; state: ProbeState; eventLoop: ProbeDetails | undefined },
): void {
  if (!isRead(request)) return methodNotAllowed(response, ["GET", "HEAD"]);
  const { pathname, state, eventLoop } = probe;
  const answer = STARTUP.has(pathname) ? startup(state) : readiness(state, eventLoop);
  sendJson(response, answer.ok ? 200 : 503, { ...answer.brief, ...(eventLoop === undefined ? {} : answer.details()) });
}

interface Answer {
  readonly ok: boolean;
  readonly brief: object;
  readonly details: () => object;
}

function startup(state: ProbeState): Answer {
  const phase = state.phase();
  const ok = phase === "ready";
  const status = ok ? "started" : phase;
  const pending = ok ? {} : { pendingReason: phase === "starting" ? "startup-sidecars" : "draining" };
  const details = () => ({ version: state.version, uptimeMs: state.uptimeMs(), ...pending });
  return { ok, brief: { ok, status }, details };
}

function readiness(state: ProbeState, eventLoop: ProbeDetails | undefined): Answer {
  const phase = state.phase();
  const failing = [
    ...(phase === "starting" ? ["startup-sidecars"] : []),
    ...(phase === "draining" ? ["draining"] : []),
    ...state.failing(),
  ];
  const ready = failing.length === 0;
  const details = () => ({ failing, uptimeMs: state.uptimeMs(), eventLoop: eventLoop?.() });
  return { ok: ready, brief: { ready }, details };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}
