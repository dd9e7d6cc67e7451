import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Reply } from "../fakes/model-server.ts";
import { eventsOf, openDesk, user } from "./_desk.ts";

/** Without a key there is no login that would pause after a failure: every case begins afresh. */
const desk = await openDesk(
  { agents: { defaults: { model: { primary: "fake/fake-1" }, skipBootstrap: true } } },
  { withoutKey: true },
);
const refuse = (status: number, more: object = {}): Reply => ({
  kind: "refuse",
  status,
  message: "vendor secret words",
  ...more,
});
const hi = { messages: [user("hi")] };

describe("a provider that fails", () => {
  const cases: readonly (readonly [string, Reply, number, string, string])[] = [
    ["refuses its key", refuse(401), 502, "upstream provider error", "api_error"],
    ["has no credit left", refuse(402), 502, "upstream provider error", "api_error"],
    ["does not know the model", refuse(404), 502, "upstream provider error", "api_error"],
    ["dislikes the request", refuse(400), 502, "upstream provider error", "api_error"],
    [
      "finds it too long",
      refuse(400, { message: "maximum context length is 8192 tokens" }),
      400,
      "The conversation does not fit into the model's context window.",
      "invalid_request_error",
    ],
    [
      "is at its limit",
      refuse(429, { headers: { "retry-after": "120" } }),
      429,
      "The model's provider takes no more requests at the moment.",
      "rate_limited",
    ],
  ];
  for (const [what, reply, status, message, type] of cases)
    it(`and ${what} is ${status}, never 401, without the vendor's words`, async () => {
      desk.replies(reply);
      const response = await desk.send("/v1/chat/completions", { body: hi });
      assert.equal(response.status, status);
      assert.deepEqual(await response.json(), { error: { message, type } });
      assert.equal(response.headers.get("retry-after"), status === 429 ? "120" : null);
      assert.equal(response.headers.get("x-should-retry"), status === 502 ? "false" : null);
      const events = await desk.send("/v1/chat/completions", { body: { ...hi, stream: true } }).then(eventsOf);
      assert.deepEqual(
        events.slice(1).map(({ data }) => data),
        [{ error: { message, type } }, "[DONE]"],
      );
    });

  it("is asked again for a while, not for ever", async () => {
    desk.replies([refuse(503), { text: ["recovered"] }]);
    const { status, body } = await desk.post("/v1/chat/completions", hi);
    assert.deepEqual([status, body.choices[0].message.content], [200, "recovered"]);
    desk.replies(refuse(503));
    const gaveUp = await desk.post("/v1/chat/completions", hi);
    assert.deepEqual([gaveUp.status, gaveUp.body.error.message], [502, "upstream provider error"]);
  });

  it("in the middle of an answer ends the stream with an error", async () => {
    desk.replies({ kind: "fail", type: "api_error", message: "vendor secret words" });
    const events = await desk.send("/v1/chat/completions", { body: { ...hi, stream: true } }).then(eventsOf);
    assert.equal(events[1]?.data.choices[0].delta.content, "Well, ");
    assert.equal(events.at(-2)?.data.error.message, "upstream provider error");
  });
});

describe("a client that goes away", () => {
  const transcripts = () => {
    const folder = join(desk.state, "agents", "main", "sessions");
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
  };

  for (const stream of [true, false])
    it(`stops its run and the call of the model at once (${stream ? "streamed" : "whole"})`, async () => {
      desk.replies({ kind: "hang", after: "text" });
      const before = desk.count();
      const leave = new AbortController();
      const question = `who leaves, ${String(stream)}?`;
      const asked = desk
        .send("/v1/chat/completions", { body: { messages: [user(question)], stream }, signal: leave.signal })
        .then((response) => response.text());
      while (desk.count() === before) await pause(5);
      await pause(100);
      const begun = performance.now();
      leave.abort();
      await assert.rejects(asked);
      assert.equal(await desk.model.requests.at(-1)?.ended, "closed");
      assert.ok(performance.now() - begun < 1500);
      for (let n = 0; n < 100 && !/Well, [^\n]*"stopReason":"aborted"/.test(transcripts()); n += 1) await pause(20);
      const kept = transcripts();
      assert.ok(kept.includes(question));
      assert.match(kept, /Well, [^\n]*"stopReason":"aborted"/);
    });

  it("also gives up its place in line", async () => {
    desk.replies({ kind: "hang", after: "headers" });
    const first = new AbortController();
    const second = new AbortController();
    const ask = (text: string, signal: AbortSignal) =>
      desk
        .send("/v1/chat/completions", { body: { messages: [user(text)], user: "line" }, signal })
        .catch(() => undefined);
    const before = desk.count();
    const one = ask("first in line", first.signal);
    while (desk.count() === before) await pause(5);
    const two = ask("second in line", second.signal);
    await pause(50);
    second.abort();
    await two;
    await pause(50);
    first.abort();
    await one;
    desk.replies({ text: ["third"] });
    const { body } = await desk.post("/v1/chat/completions", { messages: [user("third in line")], user: "line" });
    assert.equal(body.choices[0].message.content, "third");
    assert.ok(!JSON.stringify(desk.asked().messages).includes("second in line"));
  });
});

describe("a client that does not read", () => {
  it("gets everything in the end, merged instead of queued", async () => {
    const word = "x".repeat(4000);
    desk.replies({ text: Array.from({ length: 500 }, () => word) });
    const response = await desk.send("/v1/chat/completions", { body: { ...hi, stream: true } });
    await pause(300);
    const events = await eventsOf(response);
    const text = events
      .slice(0, -1)
      .map(({ data }) => data.choices[0]?.delta.content ?? "")
      .join("");
    assert.equal(text.length, 500 * 4000);
  });
});
