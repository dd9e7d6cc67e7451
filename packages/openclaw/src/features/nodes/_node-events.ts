/**
 * `node.event`. What a node asks of the assistant runs as a guest: a device in somebody's pocket does not
 * get more of this machine than reading the workspace. Events of unknown names are answered, not refused.
 */
import { uuid } from "../../base/ids.ts";
import { cut } from "../../base/text.ts";
import type { MethodCall } from "../../contracts/method.ts";
import type { Principal } from "../../contracts/principal.ts";
import { Type, fits, type Static, type TSchema } from "../../contracts/schema.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Inbound } from "../inbound/index.ts";
import { SystemEvents, canonicalKey, sessionSection } from "../sessions/index.ts";
import { ownId } from "./_methods-invoke.ts";
import { Registry } from "./_service-tokens.ts";

const MAX_TEXT = 20_000;
const MAX_TAIL = 2000;
/** Events that start or tell a turn, per node. */
const PER_MINUTE = 30;

const key = Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Null()]));
const AgentRequest = Type.Object({
  message: Type.String({ minLength: 1, maxLength: MAX_TEXT }),
  sessionKey: key,
  thinking: Type.Optional(Type.Union([Type.String({ maxLength: 32 }), Type.Null()])),
  timeoutSeconds: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 86_400 }), Type.Null()])),
});
const Transcript = Type.Object({ text: Type.String({ minLength: 1, maxLength: MAX_TEXT }), sessionKey: key });
const ExecEvent = Type.Object({
  sessionKey: Type.String({ minLength: 1, maxLength: 512 }),
  runId: Type.Optional(Type.String({ maxLength: 256 })),
  command: Type.Optional(Type.String()),
  exitCode: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  timedOut: Type.Optional(Type.Boolean()),
  output: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});
const Alive = Type.Object({ trigger: Type.Optional(Type.String()) });
const TRIGGERS = ["background", "silent_push", "bg_app_refresh", "significant_location", "manual", "connect"];

type Answer = Record<string, unknown>;
type Outcome = "handled" | "invalid payload" | "not paired" | "too many" | "not available" | "unknown event";
interface Given {
  readonly call: MethodCall;
  readonly nodeId: string;
  readonly event: string;
  readonly payload: unknown;
}

const HANDLERS: Readonly<Record<string, (given: Given) => Promise<Outcome>>> = {
  "agent.request": reading(AgentRequest, (given, value) => ask(given, { ...value, text: value.message })),
  "voice.transcript": reading(Transcript, (given, value) => ask(given, value)),
  "exec.started": reading(ExecEvent, (given, value) => tell(given, value)),
  "exec.finished": reading(ExecEvent, (given, value) => tell(given, value)),
  "exec.denied": reading(ExecEvent, (given, value) => tell(given, value)),
  "node.presence.alive": reading(Alive, alive),
  "chat.subscribe": async () => "not available",
  "chat.unsubscribe": async () => "not available",
  "notifications.changed": async () => "not available",
  "push.apns.register": async () => "not available",
};

export async function takeEvent(
  call: MethodCall,
  given: { readonly event: string; readonly payload?: unknown; readonly payloadJSON?: string | null },
): Promise<Answer> {
  const nodeId = ownId(call, undefined);
  const { event } = given;
  const handle = Object.hasOwn(HANDLERS, event) ? HANDLERS[event] : undefined;
  const outcome = handle ? await handle({ call, nodeId, event, payload: payloadOf(given) }) : "unknown event";
  return { ok: true, event, handled: outcome === "handled", ...(outcome === "handled" ? {} : { reason: outcome }) };
}

/** The event with a payload that fits. */
function reading<S extends TSchema>(schema: S, handle: (given: Given, value: Static<S>) => Promise<Outcome>) {
  return async (given: Given): Promise<Outcome> =>
    fits(schema, given.payload ?? {}) ? handle(given, (given.payload ?? {}) as Static<S>) : "invalid payload";
}

/** A message to the assistant. */
async function ask(
  given: Given,
  wish: {
    readonly text: string;
    readonly sessionKey?: string | null;
    readonly thinking?: string | null;
    readonly timeoutSeconds?: number | null;
  },
): Promise<Outcome> {
  const { call, nodeId } = given;
  const refused = await refuse(given);
  if (refused !== undefined) return refused;
  const sessionKey = await keyOf(call, wish.sessionKey ?? "main");
  if (sessionKey === undefined) return "invalid payload";
  const runId = uuid(call.platform.random);
  await (
    await call.use(Inbound)
  ).accept(
    {
      nativeId: runId,
      address: { channel: "webchat", account: "default", kind: "direct", chat: sessionKey },
      from: { id: nodeId },
      parts: [{ type: "text", text: wish.text }],
      at: call.platform.clock.now(),
    },
    {
      principal: asGuest(nodeId),
      options: {
        runId,
        sessionKey,
        deliver: false,
        ...(wish.thinking ? { thinking: wish.thinking } : {}),
        ...(wish.timeoutSeconds ? { timeoutMs: wish.timeoutSeconds * 1000 } : {}),
      },
    },
  );
  return "handled";
}

/** What a program on the node did, told to the session. */
async function tell(given: Given, value: Static<typeof ExecEvent>): Promise<Outcome> {
  const { call, nodeId, event } = given;
  const refused = await refuse(given);
  if (refused !== undefined) return refused;
  const sessionKey = await keyOf(call, value.sessionKey);
  if (sessionKey === undefined) return "invalid payload";
  const [events, inbound] = await Promise.all([call.use(SystemEvents), call.use(Inbound)]);
  await events.enqueue({ sessionKey, text: sentence(nodeId, event, value), by: asGuest(nodeId) });
  if (event !== "exec.started") await inbound.wake(sessionKey, event);
  return "handled";
}

function sentence(nodeId: string, event: string, value: Static<typeof ExecEvent>): string {
  const about = [`node=${nodeId.slice(0, 12)}`, ...(value.runId === undefined ? [] : [`id=${value.runId}`])];
  if (event === "exec.denied") return `Exec denied (${[...about, value.reason ?? "no reason given"].join(", ")})`;
  if (event === "exec.started") return `Exec running (${about.join(", ")})`;
  const how = value.timedOut === true ? "timed out" : `code ${value.exitCode ?? "unknown"}`;
  const output = (value.output ?? "").trim();
  return `Exec finished (${[...about, how].join(", ")})${output === "" ? "" : `\n${output.slice(-MAX_TAIL)}`}`;
}

async function alive({ call, nodeId }: Given, { trigger }: Static<typeof Alive>): Promise<Outcome> {
  const nodes = await call.use(Registry);
  if (nodes.record(nodeId) === undefined) return "not paired";
  nodes.note(nodeId, TRIGGERS.includes(trigger ?? "") ? (trigger ?? "background") : "background");
  return "handled";
}

/** Only approved nodes reach the assistant, and not without end. */
async function refuse({ call, nodeId }: Given): Promise<Outcome | undefined> {
  const nodes = await call.use(Registry);
  if (nodes.record(nodeId) === undefined) return "not paired";
  return nodes.mayTell(nodeId, PER_MINUTE) ? undefined : "too many";
}

async function keyOf(call: MethodCall, given: string): Promise<string | undefined> {
  const [agents, config] = await Promise.all([call.use(Agents), call.use(Config)]);
  const found = canonicalKey(given, agents.default().id, config.current().section(sessionSection).mainKey);
  return found === undefined ? undefined : cut(found, 512);
}

function asGuest(nodeId: string): Principal {
  return { kind: "device", id: nodeId, role: "guest", scopes: [] };
}

function payloadOf({ payload, payloadJSON }: { payload?: unknown; payloadJSON?: string | null }): unknown {
  if (payload !== undefined || payloadJSON === undefined || payloadJSON === null) return payload;
  try {
    return JSON.parse(payloadJSON);
  } catch {
    return "not JSON";
  }
}
