/** Requests, streams and the order of events, for tests of dialects. */
import assert from "node:assert/strict";
import { createFetch } from "../../packages/openclaw/src/base/fetch.ts";
import type { Fetch } from "../../packages/openclaw/src/base/fetch.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import type { Dialect, DialectIo, ModelEvent, ModelRequest } from "../../packages/openclaw/src/contracts/model.ts";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Script, WireApi } from "../fakes/model-server.ts";
import { quietLog } from "../harness/log.ts";

const guarded = createFetch({ clock: systemClock, log: quietLog });

export function ioWith(fetch: Fetch = guarded): DialectIo {
  return { fetch, clock: systemClock, log: quietLog };
}

export type RequestChanges = Partial<Omit<ModelRequest, "endpoint">> & {
  readonly endpoint?: Partial<ModelRequest["endpoint"]>;
};

/** A small request to `url`: one user message, one tool. */
export function requestFor(api: string, url: string, { endpoint, ...changes }: RequestChanges = {}): ModelRequest {
  return {
    endpoint: {
      provider: "fake",
      api,
      baseUrl: url,
      apiKey: "sk-fake-0123456789",
      headers: {},
      model: {
        id: "fake-1",
        name: "Fake",
        reasoning: false,
        input: ["text", "image"],
        contextWindow: 100_000,
        maxTokens: 4096,
      },
      native: false,
      ...endpoint,
    },
    system: [{ text: "Be brief.", stable: true }],
    messages: [{ role: "user", content: "hi", timestamp: 1 }],
    tools: [
      {
        name: "exec",
        description: "Runs a command",
        parameters: { type: "object", properties: { command: { type: "string" } } },
      },
    ],
    thinking: "off",
    cacheRetention: "none",
    cacheKey: "session-1",
    signal: new AbortController().signal,
    idleMs: 5000,
    ...changes,
  };
}

/** FAKE of a server: answers with these pieces, one read each. */
export function delivering(pieces: readonly Uint8Array[], contentType: string): Fetch {
  return async () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
          controller.close();
        },
      }),
      { headers: { "content-type": contentType } },
    );
}

export async function collect(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** Runs one call against a server with `script` and checks the order of what came. */
export async function exchange(
  { dialect, api }: { readonly dialect: Dialect; readonly api: WireApi },
  script: Script,
  changes: RequestChanges = {},
): Promise<{ events: ModelEvent[]; last: ModelEvent; server: ModelServer }> {
  const server = await startModelServer({ api, script });
  try {
    const events = await collect(dialect.stream(requestFor(api, server.url, changes), ioWith()));
    assertOrder(events);
    return { events, last: events.at(-1) as ModelEvent, server };
  } finally {
    await server.close();
  }
}

/** `start` once and first unless the call failed before; deltas; exactly one `done` or `error`, at the end. */
export function assertOrder(events: readonly ModelEvent[]): void {
  const types = events.map((event) => event.type);
  const ends = types.filter((type) => type === "done" || type === "error");
  assert.equal(ends.length, 1, `one end, got: ${types.join(" ")}`);
  assert.ok(types.at(-1) === "done" || types.at(-1) === "error", "the end is last");
  if (types.length === 1) assert.equal(types[0], "error");
  else assert.equal(types[0], "start");
  assert.equal(types.filter((type) => type === "start").length, types.length === 1 ? 0 : 1);
  for (const event of events) if (event.type === "text" || event.type === "thinking") assert.notEqual(event.delta, "");
}

/** The failure of a call that must have failed. */
export function failureOf(last: ModelEvent) {
  assert.equal(last.type, "error");
  return last;
}

/** The message of a call that must have worked. */
export function messageOf(last: ModelEvent) {
  assert.equal(last.type, "done", last.type === "error" ? last.failure.message : "");
  return last.message;
}
