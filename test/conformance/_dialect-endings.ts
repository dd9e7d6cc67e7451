/** A call ends when it is told to, at any point, and lets go of its connection. */
import assert from "node:assert/strict";
import type { it as testIt } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { ModelEvent } from "../../packages/openclaw/src/contracts/model.ts";
import type { AssistantMessage } from "../../packages/openclaw/src/contracts/message.ts";
import type { ModelServer, Reply, Script } from "../fakes/model-server.ts";
import { assertOrder, collect, failureOf, ioWith, requestFor } from "./_dialect-kit.ts";
import type { DialectCase } from "./testDialect.ts";

export function endings(it: typeof testIt, { dialect, server: { api, start } }: DialectCase): void {
  const serving = async (script: Script, work: (server: ModelServer) => Promise<void>) => {
    const server = await start({ api, script });
    try {
      await work(server);
    } finally {
      await server.close();
    }
  };
  const stopping = async (reply: Reply, when: "before" | "soon" | "text", content: AssistantMessage["content"] = []) =>
    serving(reply, async (server) => {
      const stop = new AbortController();
      if (when === "before") stop.abort();
      if (when === "soon") setTimeout(() => stop.abort(), 40);
      const events: ModelEvent[] = [];
      for await (const event of dialect.stream(requestFor(api, server.url, { signal: stop.signal }), ioWith())) {
        events.push(event);
        if (event.type === "text" && when === "text") stop.abort();
      }
      assertOrder(events);
      const { failure, partial } = failureOf(events.at(-1) as ModelEvent);
      assert.equal(failure.class, "abort");
      assert.equal(partial.stopReason, "aborted");
      assert.deepEqual(partial.content, content);
      const outcome = server.requests[0]?.ended;
      if (outcome) assert.equal(await outcome, "closed", "the server sees that nobody listens");
    });

  it("does not begin when it is stopped before", async () => stopping({ text: ["never"] }, "before"));
  it("stops while it waits for the headers", async () => stopping({ kind: "hang", after: "request" }, "soon"));
  it("stops while it waits for the first word", async () => stopping({ kind: "hang", after: "headers" }, "soon"));
  it("stops in mid-stream and keeps what had come", async () =>
    stopping({ kind: "hang", after: "text" }, "text", [{ type: "text", text: "Well, " }]));

  it("is quick to stop in mid-stream", async (test) =>
    serving({ text: Array(2000).fill("word "), everyMs: 2 }, async (server) => {
      const took: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const stop = new AbortController();
        let at = 0;
        const request = requestFor(api, server.url, { signal: stop.signal });
        for await (const event of dialect.stream(request, ioWith())) {
          if (event.type !== "text" || at > 0) continue;
          setTimeout(() => {
            at = performance.now();
            stop.abort();
          }, 5);
        }
        took.push(performance.now() - at);
      }
      test.diagnostic(`${api}: from the stop to the end ${Math.max(...took).toFixed(1)} ms at most, of 5`);
    }));

  it("stops although the fetch does not listen", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const events = await collect(
      dialect.stream(
        requestFor(api, "http://127.0.0.1:9", { signal: stop.signal }),
        ioWith(() => new Promise(() => {})),
      ),
    );
    assert.equal(failureOf(events[0] as ModelEvent).failure.class, "abort");
  });

  it("ends at the provider's own deadline however much still comes", async () =>
    serving({ text: Array(200).fill("word "), everyMs: 10 }, async (server) => {
      const events = await collect(
        dialect.stream(requestFor(api, server.url, { endpoint: { timeoutMs: 150 } }), ioWith()),
      );
      const { failure } = failureOf(events.at(-1) as ModelEvent);
      assert.deepEqual([failure.class, failure.code], ["timeout", "deadline"]);
    }));

  it("uses one connection for calls that follow each other", async () =>
    serving({ text: ["ok"] }, async (server) => {
      for (let i = 0; i < 3; i += 1) {
        await collect(dialect.stream(requestFor(api, server.url), ioWith()));
        await wait(20); // The last bytes are read after the answer was given.
      }
      assert.equal(new Set(server.requests.map((request) => request.port)).size, 1);
    }));
}
