/** Tool-call ids of one vendor, rewritten to what another accepts; the same id always becomes the same one. */
import { sha256 } from "../../base/ids.ts";

/** Anthropic refuses other characters; 64 characters are enough for every vendor seen. */
export function anthropicToolId(id: string): string {
  return /^[a-zA-Z0-9_-]{1,64}$/.test(id) ? id : rewritten(id, 64);
}

/** OpenAI refuses ids longer than 40 characters. */
export function openaiToolId(id: string): string {
  return id.length > 0 && id.length <= 40 ? id : rewritten(id, 40);
}

/** Mistral takes nine letters and digits. */
export function mistralToolId(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : sha256(id).slice(0, 9);
}

/** Letters and digits only, for servers that stumble over everything else. */
export function plainToolId(id: string): string {
  return /^[a-zA-Z0-9]{1,40}$/.test(id) ? id : `call${sha256(id).slice(0, 24)}`;
}

/** A name that OpenAI and Google take for a function, also where a model made one up. */
export function functionName(name: string): string {
  const plain = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64);
  return /^[a-zA-Z_]/.test(plain) ? plain : `_${plain}`.slice(0, 64);
}

function rewritten(id: string, max: number): string {
  const readable = id.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, max - 13);
  return `${readable}_${sha256(id).slice(0, 12)}`;
}
