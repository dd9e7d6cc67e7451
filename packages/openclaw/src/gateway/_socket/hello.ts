/** The answer to a `connect` that was let in. Made from what is in memory; waits for no probe and no disk. */
import type { Caller } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import { compact } from "../../base/text.ts";
import { MAX_BUFFERED, MAX_PAYLOAD } from "./connection.ts";
import type { StateVersion } from "../_events/fanout.ts";
import type { Login } from "./handshake.ts";
import type { PresenceEntry } from "../presence.ts";

export const TICK_MS = 30_000;
const MAX_IMAGE_BYTES = 6_291_456;
/** Published clients ask for the list of models only where this is offered. */
const CAPABILITIES = ["published-model-catalog"];

/** What the gateway is, as far as a client is told at login. */
export interface HelloFacts {
  readonly platform: Platform;
  readonly bootId: string;
  readonly methods: readonly string[];
  readonly events: readonly string[];
  readonly version: StateVersion;
  readonly uptimeMs: number;
  readonly authMode: string;
  readonly configHash: string;
  readonly attachmentBytes: number;
  readonly presence: readonly PresenceEntry[];
  readonly health: unknown;
  readonly sessionDefaults: SessionDefaults;
}

export interface SessionDefaults {
  readonly defaultAgentId: string;
  readonly mainKey: string;
  readonly mainSessionKey: string;
  readonly scope: string;
}

export function hello(login: Login, caller: Caller, facts: HelloFacts): Record<string, unknown> {
  return {
    type: "hello-ok",
    protocol: login.protocol,
    server: { version: facts.platform.version, connId: caller.connId, bootId: facts.bootId },
    features: { methods: facts.methods, events: facts.events, capabilities: CAPABILITIES },
    snapshot: snapshot(caller, facts),
    auth: compact({
      method: login.method,
      role: login.role,
      scopes: login.scopes,
      deviceToken: login.deviceToken,
      issuedAtMs: login.issuedAtMs,
      deviceTokens: login.deviceTokens,
    }),
    policy: {
      maxPayload: MAX_PAYLOAD,
      maxBufferedBytes: MAX_BUFFERED,
      tickIntervalMs: TICK_MS,
      attachments: { maxBytes: facts.attachmentBytes, maxImageBytes: Math.min(facts.attachmentBytes, MAX_IMAGE_BYTES) },
    },
  };
}

/** Paths and the auth mode are for admins, who else is here for readers. */
function snapshot(caller: Caller, facts: HelloFacts): Record<string, unknown> {
  const forAdmins = {
    authMode: facts.authMode,
    configPath: facts.platform.paths.config,
    stateDir: facts.platform.paths.state,
    appliedConfigHash: facts.configHash,
  };
  return {
    presence: caller.allows("operator.read") ? facts.presence : [],
    health: facts.health,
    stateVersion: { ...facts.version },
    uptimeMs: facts.uptimeMs,
    sessionDefaults: facts.sessionDefaults,
    suspension: { phase: "accepting" },
    ...(caller.allows("operator.admin") ? forAdmins : {}),
  };
}
