/** One HTTP call that is answered with a stream of events. */
import type { DialectIo, Endpoint, ModelFailure, ModelRequest } from "../../contracts/model.ts";
import type { Clock } from "../../base/time.ts";
import { readText } from "./_body.ts";
import type { Pull } from "./_body.ts";
import { SseDecoder } from "./_sse.ts";
import { failureOfResponse, failureOfThrown } from "./_failure.ts";
import { watchCall } from "./_watch.ts";

/** Bytes of one answer. */
const ANSWER_LIMIT = 64 * 1024 * 1024;
/** Bytes of an answer that is no stream. */
const BODY_LIMIT = 8 * 1024 * 1024;

/** How long an answer may take to end after its last event. */
const DRAIN_MS = 1000;

/** Carries a failure from where it is noticed to the dialect, which makes it the last event. */
export class CallFailed extends Error {
  readonly failure: ModelFailure;
  constructor(failure: ModelFailure) {
    super(failure.message);
    this.name = "CallFailed";
    this.failure = failure;
  }
}

export interface HttpCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How the bytes are cut into events; server-sent events unless given. */
  readonly decoder?: () => Decoder;
}

/** Cuts a stream into events, each given as the text of its data. Both throw a RangeError when one is too large. */
export interface Decoder {
  /** Of the events that `bytes` completed. */
  push(bytes: Uint8Array): readonly string[];
  /** Of a last event whose end was not sent. */
  end(): readonly string[];
}

/**
 * The data of the events, in batches as the network delivers them. The first batch is empty and
 * says that the server accepted the call. A JSON answer instead of a stream is one batch of one.
 * Rejects with `CallFailed` only.
 */
export async function* callStream(
  request: ModelRequest,
  io: DialectIo,
  call: HttpCall,
): AsyncGenerator<readonly string[], void> {
  const watch = watchCall(request, io.clock);
  let body: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const release = () => void body?.cancel().catch(() => undefined);
  let failed = true; // until the reader says that it has heard enough, or the body ends
  try {
    const response = await watch.settle(send(request, io, call, watch));
    body = response.body?.getReader();
    watch.onEnd(release);
    const pull = async (): Promise<Uint8Array | undefined> => {
      watch.waiting();
      const { value } = (await body?.read()) ?? {};
      watch.busy();
      const failure = watch.failure();
      if (failure) throw new CallFailed(failure);
      return value;
    };
    if (!response.ok) {
      const refusal = await failureOfResponse(response, pull, request.endpoint, io.clock);
      throw new CallFailed(request.signal.aborted ? (watch.failure() ?? refusal) : refusal);
    }
    failed = false;
    yield [];
    if (!isJson(response)) return yield* events(response, pull, call.decoder?.() ?? new SseDecoder());
    const text = await readText(pull, BODY_LIMIT);
    const late = watch.failure();
    if (late) throw new CallFailed(late);
    yield [text];
  } catch (error) {
    failed = true;
    if (error instanceof CallFailed) throw error;
    throw new CallFailed(watch.failure() ?? failureOfThrown(error, request.endpoint));
  } finally {
    watch.close();
    if (failed || watch.failure()) release();
    else if (body) void drain(body, io.clock, release);
  }
}

/** Reads what little follows the last event, so that the connection can be used again. */
async function drain(body: ReadableStreamDefaultReader<Uint8Array>, clock: Clock, release: () => void): Promise<void> {
  const cancel = clock.timer(DRAIN_MS, release);
  try {
    while (!(await body.read()).done);
  } catch {
    // The answer is complete; how its connection ends does not matter.
  } finally {
    cancel();
  }
}

function send(request: ModelRequest, io: DialectIo, call: HttpCall, watch: { signal: AbortSignal }): Promise<Response> {
  const response = io.fetch(call.url, {
    method: "POST",
    headers: call.headers,
    body: call.body,
    signal: watch.signal,
    connectTimeoutMs: request.idleMs,
    maxBytes: ANSWER_LIMIT,
    egress: { origin: new URL(call.url).origin },
  });
  // An answer that comes after the call was given up must not keep its socket.
  response.then(
    (late) => watch.signal.aborted && void late.body?.cancel().catch(() => undefined),
    () => undefined,
  );
  return response;
}

/** One JSON value, not lines of them. */
function isJson({ headers }: Response): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get("content-type") ?? "");
}

async function* events(response: Response, pull: Pull, decoder: Decoder): AsyncGenerator<readonly string[], void> {
  if (response.headers.get("content-type")?.includes("html")) {
    throw new CallFailed({
      class: "unknown",
      status: response.status,
      message: "The address answered with a web page instead of a model's stream; check the base URL.",
    });
  }
  for (let bytes = await pull(); bytes !== undefined; bytes = await pull()) {
    const batch = decoder.push(bytes);
    if (batch.length > 0) yield batch;
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}

/** The operator's headers over the dialect's own; names compared without case. */
export function headersFor(endpoint: Endpoint, own: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json", accept: "text/event-stream" };
  for (const [name, value] of [...Object.entries(own), ...Object.entries(endpoint.headers)]) {
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** `https://host/v1/` and `chat/completions` → one address without doubled slashes. */
export function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path}`;
}
