/** Reads a request body within a size and a time. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../base/time.ts";
import { errors } from "../errors.ts";

const BODY_TIME_MS = 30_000;

/** Refuses a body whose declared length alone is too much, or that is encoded; such a body is not read at all. */
export function refuseDeclared(request: IncomingMessage, limit: number): void {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw errors.BODY_TOO_LARGE();
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "" && encoding !== "identity") throw errors.BODY_ENCODED({ encoding });
}

/** The whole body. Tells a client that asked first (`Expect: 100-continue`) to send it. */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  clock: Clock,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    refuseDeclared(request, limit);
    if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
    const chunks: Buffer[] = [];
    let size = 0;
    const cancel = clock.timer(BODY_TIME_MS, () => fail(errors.BODY_TOO_SLOW()));
    const fail = (error: Error) => {
      cancel();
      request.off("data", take);
      request.pause();
      reject(error);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) fail(errors.BODY_TOO_LARGE());
      else chunks.push(chunk);
    };
    request.on("data", take);
    request.once("error", fail);
    request.once("close", () => fail(new Error("the client went away")));
    request.once("end", () => {
      cancel();
      resolve(Buffer.concat(chunks));
    });
  });
}

/** `{}` when there is nothing. Throws `BODY_NOT_JSON` or `BODY_NOT_OBJECT`. */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  const value = jsonValue(body);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw errors.BODY_NOT_OBJECT();
  return value as Record<string, unknown>;
}

/** `{}` when there is nothing. Throws `BODY_NOT_JSON`. */
export function jsonValue(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw errors.BODY_NOT_JSON();
  }
}
