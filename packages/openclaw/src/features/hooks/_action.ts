/** What a hook asks for, whoever said it: the body itself, a mapping, or a transform. */
import { compact, cut, printable } from "../../base/text.ts";
import { errors } from "./errors.ts";

export type WakeMode = "now" | "next-heartbeat";

export interface WakeAction {
  readonly kind: "wake";
  readonly text: string;
  readonly mode: WakeMode;
  /** Text of others, to be marked as such. */
  readonly external: boolean;
  /** Who says it, for people. */
  readonly name: string;
}

export interface AgentAction {
  readonly kind: "agent";
  readonly message: string;
  readonly external: boolean;
  readonly name: string;
  readonly agentId?: string;
  readonly sessionKey?: string;
  /** Whoever sent the request chose the key, or what is in it; a key of the configuration is not judged. */
  readonly keyChosen: boolean;
  /** The same of the agent. */
  readonly agentChosen: boolean;
  readonly wakeMode: WakeMode;
  /** `wish`: where there is a chat to deliver to. */
  readonly deliver: "yes" | "wish" | "no";
  readonly channel: string;
  readonly to?: string;
  readonly model?: string;
  /** A model that cannot be used is left out instead of refused. */
  readonly modelOptional?: true;
  readonly thinking?: string;
  readonly timeoutMs?: number;
}

export type HookAction = WakeAction | AgentAction;
export type Body = Readonly<Record<string, unknown>>;

/** `POST <path>/wake`. */
export function wakeAction(body: Body): WakeAction {
  return { kind: "wake", text: required(body, "text"), mode: modeOf(body["mode"]), external: false, name: "Hook" };
}

/** `POST <path>/agent`. */
export function agentAction(body: Body): AgentAction {
  const deliver = body["deliver"];
  return compact({
    kind: "agent" as const,
    message: required(body, "message"),
    external: true,
    name: nameOf(text(body, "name")),
    agentId: text(body, "agentId"),
    sessionKey: text(body, "sessionKey"),
    keyChosen: true,
    agentChosen: true,
    wakeMode: modeOf(body["wakeMode"]),
    deliver: deliver === undefined ? ("wish" as const) : flag(body, "deliver") ? ("yes" as const) : ("no" as const),
    channel: text(body, "channel") ?? "last",
    to: text(body, "to") ?? number(body, "to"),
    model: text(body, "model"),
    thinking: text(body, "thinking"),
    timeoutMs: seconds(body["timeoutSeconds"]),
  });
}

/** A name for people: one short line of plain text, whoever chose it. */
export function nameOf(given: string | undefined): string {
  const name = cut(printable((given ?? "").replace(/[\s<>[\]:]+/g, " ")).trim(), 60);
  return name === "" ? "Hook" : name;
}

/** Anything that is not `next-heartbeat` means now, as it always has. */
export function modeOf(value: unknown): WakeMode {
  return value === "next-heartbeat" ? "next-heartbeat" : "now";
}

/** A field that is a text, trimmed; undefined when absent or blank. Throws `HOOK_FIELD` for another type. */
export function text(body: Body, name: string): string | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value === undefined || value === null || typeof value === "number") return undefined;
  if (typeof value !== "string") throw errors.HOOK_FIELD({ message: `${name} must be a string` });
  return value.trim() === "" ? undefined : value.trim();
}

export function flag(body: Body, name: string): boolean {
  const value = body[name];
  if (typeof value !== "boolean") throw errors.HOOK_FIELD({ message: `${name} must be true or false` });
  return value;
}

export function seconds(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(value > 0) || value > 86_400)
    throw errors.HOOK_FIELD({ message: "timeoutSeconds must be a number from 1 to 86400" });
  return Math.ceil(value) * 1000;
}

/** Chat ids are numbers on some networks. */
function number(body: Body, name: string): string | undefined {
  return typeof body[name] === "number" ? String(body[name]) : undefined;
}

function required(body: Body, name: string): string {
  const value = text(body, name);
  if (value === undefined) throw errors.HOOK_FIELD({ message: `${name} required` });
  return value;
}
