/** Reads a request body within a size and a time. */
import type { IncomingMessage } from "node:http";
import type { Clock } from "../base/time.ts";
import { errors } from "./errors.ts";

const BODY_TIME_MS = 30_000;

/** Refuses a body whose declared length alone is too much, or that is encoded; such a body is not read at all. */
export function refuseDeclared(request: IncomingMessage, limit: number): void {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw errors.BODY_TOO_LARGE();
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "" && encoding !== "identity") throw errors.BODY_ENCODED({ encoding });
}

export function readBody(request: IncomingMessage, limit: number, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    refuseDeclared(request, limit);
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
