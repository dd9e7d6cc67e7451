/**
 * What families of providers want of a conversation beyond the general rules. Pure functions over a repaired
 * sequence; objects stay the same where nothing changes. The vendors' own wire shapes are the dialects' business.
 */
import { sha256 } from "../../base/ids.ts";
import type {
  AssistantMessage,
  Message,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import type { Endpoint } from "../../contracts/model.ts";

export type Family = "openai" | "google" | "anthropic" | "bedrock" | "mistral" | "gemma" | "router-google" | "other";

/** Whom a request goes to, as far as its rules depend on it. */
export interface Route {
  readonly provider: string;
  readonly api: string;
  readonly model: string;
  readonly family: Family;
  /** The model thinks in this request. */
  readonly thinks: boolean;
}

export function routeOf({ provider, api, model }: Endpoint, thinking: string): Route {
  const family = familyOf(provider, api, model.id);
  return { provider, api, model: model.id, family, thinks: thinking !== "off" && model.reasoning };
}

function familyOf(provider: string, api: string, model: string): Family {
  const id = model.toLowerCase();
  if (api === "anthropic-messages") return "anthropic";
  if (api.startsWith("bedrock")) return "bedrock";
  if (api.startsWith("google") || provider.startsWith("google")) return id.includes("gemma") ? "gemma" : "google";
  if (provider === "mistral" || id.startsWith("mistralai/")) return "mistral";
  if (id.includes("gemma")) return "gemma";
  if (provider === "openrouter" && id.startsWith("google/")) return "router-google";
  if (provider === "openrouter" && id.startsWith("anthropic/")) return "anthropic";
  if (api.startsWith("openai-responses") || api.startsWith("openai-codex")) return "openai";
  return provider === "openai" ? "openai" : "other";
}

interface Rules {
  /** Ids that the vendor takes; the same id always becomes the same one. */
  readonly callId?: (id: string) => string;
  readonly isCallId?: (id: string) => boolean;
  /** Messages of one role in a row become one. */
  readonly alternates?: true;
  /** Thoughts of this model that go back to it. */
  readonly thinking?: "signed" | "with-content" | "current-turn";
  /** A signature of a call or a text that may go back. */
  readonly signature?: (signature: string) => boolean;
  /** The last message must not be the assistant's while the model thinks. */
  readonly noPrefill?: true;
}

const ALPHANUMERIC = /^[A-Za-z0-9]{1,64}$/;
const NINE = /^[A-Za-z0-9]{9}$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

const RULES: Readonly<Record<Family, Rules>> = {
  openai: { thinking: "with-content" },
  google: { callId: alphanumeric, isCallId: (id) => ALPHANUMERIC.test(id), alternates: true, signature: isBase64 },
  anthropic: { alternates: true, thinking: "signed", noPrefill: true },
  bedrock: { alternates: true, thinking: "signed", noPrefill: true },
  mistral: { callId: nine, isCallId: (id) => NINE.test(id) },
  gemma: { thinking: "current-turn" },
  "router-google": { signature: isBase64 },
  other: {},
};

/** `messages` must have passed `repair`. */
export function forRoute(messages: readonly Message[], route: Route): readonly Message[] {
  const rules = RULES[route.family];
  const current = messages.findLastIndex(({ role }) => role === "user");
  let view: Message[] = messages.map((message, at) => {
    if (message.role === "assistant") return assistantFor(message, { route, rules, isCurrent: at > current });
    return message.role === "toolResult" && rules.callId ? renamedResult(message, rules.callId) : message;
  });
  if (rules.noPrefill && route.thinks) while (view.at(-1)?.role === "assistant") view.pop();
  if (rules.alternates) view = merged(view);
  return view;
}

/** What of a sequence the family would refuse, besides what `violations` finds. */
export function familyViolations(messages: readonly Message[], route: Route): string[] {
  const rules = RULES[route.family];
  const found: string[] = [];
  for (const [at, message] of messages.entries()) {
    const before = messages[at - 1];
    if (rules.alternates && message.role === "user" && before?.role === "user")
      found.push(`messages ${at - 1} and ${at} are both from the user`);
    if (message.role !== "assistant") continue;
    for (const part of message.content) {
      if (part.type === "toolCall" && rules.isCallId && !rules.isCallId(part.id))
        found.push(`call id ${part.id} is not one of ${route.family}`);
      if (part.type !== "thinking" && isForeign(part, message, route))
        found.push(`message ${at} has a proof of another route`);
      if (part.type === "thinking" && rules.thinking === "with-content" && !ledSomewhere(part, message))
        found.push(`message ${at} has a thought that nothing follows`);
      if (part.type === "thinking" && !isOfRoute(message, route))
        found.push(`message ${at} has a thought of another route`);
      if (part.type === "thinking" && rules.thinking === "signed" && !part.thinkingSignature?.trim())
        found.push(`message ${at} has an unsigned thought`);
    }
  }
  if (rules.noPrefill && route.thinks && messages.at(-1)?.role === "assistant")
    found.push("it ends with the assistant");
  return found;
}

function isForeign(part: TextPart | ToolCallPart, message: AssistantMessage, route: Route): boolean {
  const proof = part.type === "text" ? part.textSignature : part.thoughtSignature;
  const accepts = RULES[route.family].signature;
  return proof !== undefined && (!isOfRoute(message, route) || (accepts !== undefined && !accepts(proof)));
}

const OMITTED: TextPart = { type: "text", text: "(reasoning omitted)" };

function assistantFor(
  message: AssistantMessage,
  { route, rules, isCurrent }: { route: Route; rules: Rules; isCurrent: boolean },
): AssistantMessage {
  if (message.content.every((part) => part.type === "text" && part.textSignature === undefined)) return message;
  const own = isOfRoute(message, route);
  const content = message.content.flatMap((part): AssistantMessage["content"][number][] => {
    if (part.type === "thinking") return own && goesBack(part, message, rules, isCurrent) ? [part] : [];
    return [part.type === "toolCall" ? callFor(part, rules, own) : textFor(part, rules, own)];
  });
  if (content.length === message.content.length && content.every((part, i) => part === message.content[i]))
    return message;
  return remembered(message, content.some((part) => part.type !== "thinking") ? content : [...content, OMITTED]);
}

function goesBack(part: ThinkingPart, message: AssistantMessage, { thinking }: Rules, isCurrent: boolean): boolean {
  if (thinking === "signed") return (part.thinkingSignature ?? "").trim() !== "";
  if (thinking === "current-turn") return isCurrent;
  return thinking !== "with-content" || ledSomewhere(part, message);
}

/** Something was said or called after the thought. */
function ledSomewhere(part: ThinkingPart, { content }: AssistantMessage): boolean {
  return content.slice(content.indexOf(part) + 1).some((later) => later.type !== "thinking");
}

/** The text without a signature that is not for this route. */
function textFor(part: TextPart, { signature }: Rules, own: boolean): TextPart {
  const { textSignature, ...plain } = part;
  if (textSignature === undefined || (own && (signature === undefined || signature(textSignature)))) return part;
  return plain;
}

function callFor(call: ToolCallPart, { callId, signature }: Rules, own: boolean): ToolCallPart {
  const id = callId ? callId(call.id) : call.id;
  const keeps =
    call.thoughtSignature === undefined || (own && (signature === undefined || signature(call.thoughtSignature)));
  if (keeps) return id === call.id ? call : { ...call, id };
  const { thoughtSignature: _, ...plain } = call;
  return { ...plain, id };
}

const results = new WeakMap<ToolResultMessage, ToolResultMessage>();

function renamedResult(result: ToolResultMessage, callId: (id: string) => string): ToolResultMessage {
  const id = callId(result.toolCallId);
  if (id === result.toolCallId) return result;
  const known = results.get(result);
  if (known?.toolCallId === id) return known;
  const renamed = { ...result, toolCallId: id };
  results.set(result, renamed);
  return renamed;
}

function isOfRoute({ provider, api, model }: AssistantMessage, route: Route): boolean {
  return provider === route.provider && api === route.api && model === route.model;
}

const versions = new WeakMap<AssistantMessage, AssistantMessage>();

/** The same object for the same content, so that what is kept by message stays known. */
function remembered(message: AssistantMessage, content: AssistantMessage["content"]): AssistantMessage {
  const known = versions.get(message);
  if (known && sameParts(known.content, content)) return known;
  const version = { ...message, content };
  versions.set(message, version);
  return version;
}

function sameParts(a: AssistantMessage["content"], b: AssistantMessage["content"]): boolean {
  return (
    a.length === b.length &&
    a.every((part, i) => part === b[i] || (part.type === "toolCall" ? sameCall(part, b[i]) : sameText(part, b[i])))
  );
}

function sameCall(call: ToolCallPart, other: AssistantMessage["content"][number] | undefined): boolean {
  return (
    other?.type === "toolCall" &&
    other.id === call.id &&
    other.arguments === call.arguments &&
    Object.is(other.thoughtSignature, call.thoughtSignature)
  );
}

function sameText(
  part: AssistantMessage["content"][number],
  other: AssistantMessage["content"][number] | undefined,
): boolean {
  return (
    part.type === "text" &&
    other?.type === "text" &&
    other.text === part.text &&
    Object.is(other.textSignature, part.textSignature)
  );
}

const joined = new WeakMap<UserMessage, { readonly with: UserMessage; readonly as: UserMessage }>();

/** Messages of the user in a row become one. Answers in a row are joined where they go onto the wire. */
function merged(messages: readonly Message[]): Message[] {
  const out: Message[] = [];
  for (const message of messages) {
    const last = out.at(-1);
    if (message.role === "user" && last?.role === "user") out[out.length - 1] = both(last, message);
    else out.push(message);
  }
  return out;
}

function both(first: UserMessage, second: UserMessage): UserMessage {
  const known = joined.get(first);
  if (known?.with === second) return known.as;
  const as: UserMessage = { ...second, content: [...partsOf(first), ...partsOf(second)] };
  joined.set(first, { with: second, as });
  return as;
}

function partsOf({ content }: UserMessage) {
  return typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
}

function alphanumeric(id: string): string {
  return ALPHANUMERIC.test(id) ? id : `c${sha256(id).slice(0, 23)}`;
}

function nine(id: string): string {
  return NINE.test(id) ? id : sha256(id).slice(0, 9);
}

function isBase64(signature: string): boolean {
  return BASE64.test(signature);
}
