/** A WHATWG `Response` over a message of `node:http`, streaming and with a limit. */
import type { IncomingMessage } from "node:http";
import { errorText, systemCode } from "./errors.ts";
import { errors } from "./faults.ts";

export interface ResponseSource {
  readonly url: URL;
  readonly redirected: boolean;
  /** Bytes of body that may be read. */
  readonly maxBytes: number;
  /** Ends the body with its reason. */
  readonly signal?: AbortSignal;
}

const NO_BODY = new Set([204, 205, 304]);

/** Bytes that may wait unread before the server is slowed down. */
const HIGH_WATER = 256 * 1024;

export type ResponseOf = typeof responseOf;

/** Throws `FETCH_FAILED` for a status or header that the standard does not allow. */
export function responseOf(message: IncomingMessage, source: ResponseSource): Response {
  const status = message.statusCode ?? 0;
  try {
    const headers = new Headers();
    for (let i = 0; i + 1 < message.rawHeaders.length; i += 2)
      headers.append(message.rawHeaders[i] ?? "", message.rawHeaders[i + 1] ?? "");
    const body = NO_BODY.has(status) ? null : bodyOf(message, source);
    if (body === null) message.resume();
    const response = new Response(body, { status, statusText: message.statusMessage ?? "", headers });
    return Object.defineProperties(response, {
      url: { value: source.url.href },
      redirected: { value: source.redirected },
    });
  } catch (error) {
    message.on("error", () => {}).destroy();
    throw errors
      .FETCH_FAILED({ host: source.url.host, reason: `its answer is not valid HTTP: ${errorText(error)}` })
      .with({ cause: error });
  }
}

/** Chunks pass on as they come. Cancelling the stream closes the connection. */
function bodyOf(
  message: IncomingMessage,
  { url, maxBytes, signal }: ResponseSource,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const host = url.host;
  /** True the first time: a stream is ended once. */
  let end = () => false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        let read = 0;
        let ended = false;
        const fail = (error: unknown) => {
          if (!end()) return;
          controller.error(error);
          message.destroy();
        };
        const stop = () => fail(signal?.reason);
        end = () => {
          if (ended) return false;
          signal?.removeEventListener("abort", stop);
          return (ended = true);
        };
        signal?.addEventListener("abort", stop, { once: true });
        message.on("data", (chunk: Buffer<ArrayBuffer>) => {
          if (ended) return;
          read += chunk.length;
          if (read > maxBytes) return fail(errors.FETCH_TOO_LARGE({ host, maxBytes }));
          controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
          if ((controller.desiredSize ?? 0) <= 0) message.pause();
        });
        message.once("end", () => void (end() && controller.close()));
        message.on("error", (error) => {
          const reason = `the connection broke off: ${errorText(error)}`;
          fail(
            errors.FETCH_FAILED({ host, reason }).with({ cause: error, details: { systemCode: systemCode(error) } }),
          );
        });
        if (signal?.aborted) stop();
        else if (Number(message.headers["content-length"] ?? 0) > maxBytes)
          fail(errors.FETCH_TOO_LARGE({ host, maxBytes }));
      },
      pull: () => void message.resume(),
      cancel() {
        end();
        message.destroy();
      },
    },
    { highWaterMark: HIGH_WATER, size: (chunk) => chunk?.byteLength ?? 0 },
  );
}
