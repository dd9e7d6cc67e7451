/** Reading request frames. What arrives may be anything. */
import type { RawData } from "ws";
import { Type, closed, describeProblems, problems, type Static } from "../../contracts/schema.ts";
import type { FrameId } from "./wire.ts";

const RequestFrame = closed({
  type: Type.Literal("req"),
  id: Type.String({ minLength: 1, maxLength: 256 }),
  method: Type.String({ minLength: 1, maxLength: 256 }),
  params: Type.Optional(Type.Unknown()),
  traceparent: Type.Optional(Type.String({ maxLength: 128 })),
});

export type RequestFrame = Static<typeof RequestFrame>;

export type Read =
  | { readonly kind: "request"; readonly frame: RequestFrame }
  /** Not JSON at all. */
  | { readonly kind: "noise" }
  /** JSON that is no request. `id` is what to answer under. */
  | { readonly kind: "invalid"; readonly id: FrameId; readonly message: string };

/** Text and binary messages alike: the bytes are what counts. */
export function readFrame(data: RawData): Read {
  let value: unknown;
  try {
    value = JSON.parse(textOf(data));
  } catch {
    return { kind: "noise" };
  }
  const found = problems(RequestFrame, value, 5);
  if (found.length === 0) return { kind: "request", frame: value as RequestFrame };
  return { kind: "invalid", id: idOf(value), message: `invalid request frame: ${describeProblems(found)}` };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.isBuffer(data) ? data.toString("utf8") : Buffer.from(data).toString("utf8");
}

function idOf(value: unknown): FrameId {
  if (value === null || typeof value !== "object" || !("id" in value)) return "invalid";
  if (typeof value.id === "number") return value.id;
  return typeof value.id === "string" && value.id !== "" && value.id.length <= 256 ? value.id : "invalid";
}
