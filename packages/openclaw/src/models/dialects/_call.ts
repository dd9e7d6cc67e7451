/** One HTTP call that is answered with a stream of events. */
import type { DialectIo, Endpoint, ModelFailure, ModelRequest } from "../../contracts/model.ts";
import type { Clock } from "../../base/time.ts";
import { readText } from "./_body.ts";
import type { Pull } from "./_body.ts";
import { SseDecoder } from "./_sse.ts";
import { failureOfResponse, failureOfThrown } from "./_failure.ts";
import { watchCall } from "./_watch.ts";
import type { Watch } from "./_watch.ts";

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

/** An answer that has begun: the server accepted the call. */
export interface Answering {
  /**
   * The data of the events that the network brought next, at least one; undefined at the end of the answer. A JSON
   * answer instead of a stream is one batch of one. Rejects with `CallFailed` only, and then says nothing more.
   */
  read(): Promise<readonly string[] | undefined>;
  /** Whoever reads has heard enough. Must be called once, whatever became of the answer. */
  close(): void;
}

/** Sends the call. Rejects with `CallFailed` only, and then nothing is left to close. */
export async function openCall(request: ModelRequest, io: DialectIo, call: HttpCall): Promise<Answering> {
  const watch = watchCall(request, io.clock);
  let body: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const release = () => void body?.cancel().catch(() => undefined);
  let failed = false;
  const close = () => {
    watch.close();
    if (failed || watch.failure()) release();
    else if (body) void drain(body, io.clock, release);
  };
  const failing = (error: unknown): CallFailed => {
    failed = true;
    if (error instanceof CallFailed) return error;
    return new CallFailed(watch.failure() ?? failureOfThrown(error, request.endpoint));
  };
  const pull = async (): Promise<Uint8Array | undefined> => {
    watch.waiting();
    const { value } = (await body?.read()) ?? {};
    watch.busy();
    const failure = watch.failure();
    if (failure) throw new CallFailed(failure);
    return value;
  };
  try {
    const response = await watch.settle(send(request, io, call, watch));
    body = response.body?.getReader();
    watch.onEnd(release);
    if (!response.ok) {
      const refusal = await failureOfResponse(response, pull, request.endpoint, io.clock);
      throw new CallFailed(request.signal.aborted ? (watch.failure() ?? refusal) : refusal);
    }
    if (isPage(response)) throw new CallFailed(webPage(response.status));
    const next = isJson(response) ? wholeOf(pull, watch) : eventsOf(body, watch, call.decoder?.() ?? new SseDecoder());
    return { read: () => next(failing), close };
  } catch (error) {
    const failure = failing(error);
    close();
    throw failure;
  }
}

/** `failing` says what an error means. */
type Next = (failing: (error: unknown) => CallFailed) => Promise<readonly string[] | undefined>;

function wholeOf(pull: Pull, watch: Watch): Next {
  let read = false;
  return async (failing) => {
    if (read) return undefined;
    read = true;
    const text = await readText(pull, BODY_LIMIT);
    const late = watch.failure();
    if (late) throw failing(new CallFailed(late));
    return [text];
  };
}

/** One function and one wait for each piece that the network brings: it runs for every token. */
function eventsOf(body: ReadableStreamDefaultReader<Uint8Array> | undefined, watch: Watch, decoder: Decoder): Next {
  let ended = false;
  return async (failing) => {
    try {
      while (!ended) {
        watch.waiting();
        const { value } = (await body?.read()) ?? {};
        watch.busy();
        const failure = watch.failure();
        if (failure) throw new CallFailed(failure);
        ended = value === undefined;
        const batch = value === undefined ? decoder.end() : decoder.push(value);
        if (batch.length > 0) return batch;
      }
      return undefined;
    } catch (error) {
      throw failing(error);
    }
  };
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

function isPage({ headers }: Response): boolean {
  return headers.get("content-type")?.includes("html") ?? false;
}

function webPage(status: number): ModelFailure {
  return {
    class: "unknown",
    status,
    message: "The address answered with a web page instead of a model's stream; check the base URL.",
  };
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
