/** The conversation as Google's contents: turns of `user` and `model`, results of functions in a turn of their own. */
import type {
  AssistantMessage,
  ImagePart,
  TextPart,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { shownTo } from "./_shown.ts";
import { functionName } from "./_tool-ids.ts";
import { takesLevels } from "./_thinking-google.ts";

type Part = Readonly<Record<string, unknown>>;
interface Content {
  readonly role: "user" | "model";
  readonly parts: Part[];
  /** Answers calls: nothing else may be in it. */
  readonly results?: true;
}

/**
 * Stands for the proof of a call that another model made. Since the third generation a call without a proof is
 * refused; this one is documented for conversations that come from elsewhere.
 * Source: https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const FOREIGN = "skip_thought_signature_validator";

export function googleContents({ endpoint, messages }: ModelRequest): Content[] {
  const out: Content[] = [];
  let pictures: ImagePart[] = [];
  const showPictures = () => {
    if (pictures.length > 0) add(out, "user", userParts([PICTURES, ...pictures], endpoint));
    pictures = [];
  };
  for (const message of messages) {
    if (message.role === "toolResult") {
      const last = out.at(-1);
      const part = resultPart(message, endpoint);
      if (last?.results) last.parts.push(part);
      else out.push({ role: "user", parts: [part], results: true });
      if (!showsInResults(endpoint)) pictures.push(...message.content.filter((each) => each.type === "image"));
      continue;
    }
    showPictures();
    if (message.role === "user") add(out, "user", userParts(message.content, endpoint));
    else add(out, "model", modelParts(message, endpoint));
  }
  showPictures();
  // The vendor wants the first word and the last to be the user's.
  if (out[0]?.role === "model") out.unshift({ role: "user", parts: [{ text: "(continued)" }] });
  if (out.at(-1)?.role === "model") out.push({ role: "user", parts: [{ text: "(continue)" }] });
  return out.map(({ role, parts }) => ({ role, parts }));
}

const PICTURES: TextPart = { type: "text", text: "Pictures from the tool results:" };

/** Turns of one role in a row become one. */
function add(out: Content[], role: Content["role"], parts: readonly Part[]): void {
  const last = out.at(-1);
  if (parts.length === 0) return;
  if (last?.role === role && !last.results) last.parts.push(...parts);
  else out.push({ role, parts: [...parts] });
}

function userParts(content: UserMessage["content"], endpoint: Endpoint): Part[] {
  const parts = shownTo(endpoint, content).flatMap((part): Part[] => {
    if (part.type !== "text") return [inlineData(part)];
    return part.text.trim() === "" ? [] : [{ text: part.text }];
  });
  return parts.length > 0 ? parts : [{ text: "(empty)" }];
}

function inlineData({ mimeType, data }: { readonly mimeType: string; readonly data: string }): Part {
  return { inlineData: { mimeType, data } };
}

/** Since the third generation a result may hold pictures. */
function showsInResults({ model }: Endpoint): boolean {
  return model.input.includes("image") && takesLevels(model.wireId ?? model.id);
}

function resultPart(message: ToolResultMessage, endpoint: Endpoint): Part {
  const shown = shownTo(endpoint, message.content);
  const text = shown.flatMap((part) => (part.type === "text" && part.text.trim() !== "" ? [part.text] : [])).join("\n");
  const said = text || (shown.length > 0 ? "(see the picture)" : "(no output)");
  const pictures = showsInResults(endpoint) ? shown.filter((part) => part.type === "image") : [];
  return {
    functionResponse: {
      id: message.toolCallId,
      name: functionName(message.toolName),
      response: message.isError ? { error: said } : { output: said },
      ...(pictures.length > 0 && { parts: pictures.map(inlineData) }),
    },
  };
}

/** Proofs go back with the part they came with, to whoever gave them, and to nobody else. */
function modelParts(message: AssistantMessage, endpoint: Endpoint): Part[] {
  const own = message.provider === endpoint.provider && message.api === endpoint.api;
  let called = false;
  return message.content.flatMap((part): Part[] => {
    switch (part.type) {
      case "text":
        return part.text.trim() === "" ? [] : [{ text: part.text, ...proof(own ? part.textSignature : undefined) }];
      case "thinking":
        return own && part.thinkingSignature
          ? [{ text: part.thinking, thought: true, ...proof(part.thinkingSignature) }]
          : [];
      case "toolCall": {
        const first = !called;
        called = true;
        return [callPart(part, { endpoint, own, first })];
      }
    }
  });
}

function callPart(
  { id, name, arguments: args, thoughtSignature }: ToolCallPart,
  { endpoint, own, first }: { readonly endpoint: Endpoint; readonly own: boolean; readonly first: boolean },
): Part {
  const signed = own ? thoughtSignature : undefined;
  const needed = first && takesLevels(endpoint.model.wireId ?? endpoint.model.id);
  return { functionCall: { id, name: functionName(name), args }, ...proof(signed ?? (needed ? FOREIGN : undefined)) };
}

function proof(thoughtSignature: string | undefined): Part {
  return thoughtSignature ? { thoughtSignature } : {};
}
