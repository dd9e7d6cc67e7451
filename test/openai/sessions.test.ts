import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { openDesk, user } from "./_desk.ts";

const http = { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } };
const desk = await openDesk({
  gateway: { http },
  agents: {
    defaults: { model: { primary: "fake/fake-1" }, skipBootstrap: true, maxConcurrent: 64 },
    list: [{ id: "main" }, { id: "work", default: true, model: "fake/fake-2" }],
  },
});
desk.replies({ text: ["Hello"] });

const chat = (body: object, headers: Record<string, string> = {}) => desk.post("/v1/chat/completions", body, headers);
const hi = { messages: [user("hi")] };
const database = () =>
  new DatabaseSync(join(desk.state, readdirSync(desk.state).find((n) => n.endsWith(".sqlite")) ?? ""), {
    readOnly: true,
  });
function keys(): string[] {
  const db = database();
  try {
    return db
      .prepare("SELECT key FROM sessions ORDER BY updated_at DESC, rowid DESC")
      .all()
      .map((row) => String(row["key"]));
  } finally {
    db.close();
  }
}
/** Session keys that came into being by `work`. */
async function made(work: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(keys());
  await work();
  return keys().filter((key) => !before.has(key));
}

describe("the agent", () => {
  it("is the default one, the one that the model names, or the one that the header names", async () => {
    const cases: [object, Record<string, string>, string][] = [
      [{}, {}, "work"],
      [{ model: "openclaw" }, {}, "work"],
      [{ model: "OpenClaw/Default" }, {}, "work"],
      [{ model: "openclaw/main" }, {}, "main"],
      [{ model: "openclaw:main" }, {}, "main"],
      [{ model: "agent:MAIN" }, {}, "main"],
      [{ model: "openclaw/main" }, { "x-openclaw-agent-id": "work" }, "work"],
    ];
    for (const [body, headers, agent] of cases) {
      const [key] = await made(() => chat({ ...hi, ...body }, headers));
      assert.match(key ?? "", new RegExp(`^agent:${agent}:openai:[0-9a-f-]{36}$`), JSON.stringify([body, headers]));
    }
    const { status, body } = await chat(hi, { "x-openclaw-agent-id": "nope" });
    assert.deepEqual([status, body.error.message], [400, "Unknown agent 'nope'."]);
  });

  it("uses its own model, or the one that the header names", async () => {
    await chat(hi);
    assert.equal(desk.asked().body["model"], "fake-2");
    await chat({ ...hi, model: "openclaw/main" });
    assert.equal(desk.asked().body["model"], "fake-1");
    await chat(hi, { "x-openclaw-model": "fake/unlisted-7" });
    assert.equal(desk.asked().body["model"], "unlisted-7");
    await chat(hi, { "x-openclaw-model": "unlisted-8" });
    assert.equal(desk.asked().body["model"], "unlisted-8");
    assert.deepEqual(await chat(hi, { "x-openclaw-model": "nobody/x" }), {
      status: 404,
      body: { error: { message: "Unknown model: nobody/x", type: "invalid_request_error" } },
    });
  });
});

describe("the session", () => {
  it("is a new one for each request", async () => {
    const fresh = await made(() => Promise.all([chat(hi), chat(hi)]));
    assert.equal(fresh.length, 2);
    assert.ok(fresh.every((key) => key.startsWith("agent:work:openai:")));
  });

  it("is one for each user, however written; the first turn stands once in the second prompt", async () => {
    const [key, ...others] = await made(async () => {
      await chat({ messages: [user("my name is Ada")], user: "Käthe K" });
      await chat({
        messages: [user("my name is Ada"), { role: "assistant", content: "Hello" }, user("who am I?")],
        user: "KÄTHE k",
      });
    });
    assert.equal(key, "agent:work:openai-user:käthe k");
    assert.deepEqual(others, []);
    assert.deepEqual(
      desk.asked().messages.map(({ content }) => content),
      ["my name is Ada", "Hello", "who am I?"],
    );
    await chat({ messages: [user("and now?")], user: "käthe k" });
    assert.equal(desk.asked().messages.length, 5);
  });

  it("is the one that the header names, in its agent", async () => {
    const key = async (given: string) => (await made(() => chat(hi, { "x-openclaw-session-key": given })))[0];
    assert.equal(await key("Foo"), "agent:work:foo");
    assert.equal(await key("agent:main:bar"), "agent:main:bar");
    assert.equal(desk.asked().body["model"], "fake-1");
  });

  it("is never one that belongs to the gateway's own work", async () => {
    for (const key of ["cron:x", "subagent:1", "acp:2", "agent:main:subagent:x", "agent:work:foo:cron:7"]) {
      const { status, body } = await chat(hi, { "x-openclaw-session-key": key });
      assert.equal(status, 400, key);
      assert.match(body.error.message, /cannot use reserved internal session namespaces\.$/);
    }
    const { status, body } = await chat(hi, { "x-openclaw-session-key": "agent:nope:x" });
    assert.deepEqual([status, body.error.message], [400, "Unknown agent 'nope'."]);
    assert.equal((await chat(hi, { "x-openclaw-session-key": "harmless:cronos" })).status, 200);
  });

  it("cannot be named where that is turned off", async () => {
    const strict = await openDesk({ gateway: { http: { ...http, allowSessionKeyOverride: false } } });
    const { status } = await strict.post("/v1/chat/completions", hi, { "x-openclaw-session-key": "foo" });
    assert.equal(status, 403);
    assert.equal((await strict.post("/v1/chat/completions", hi)).status, 200);
  });

  it("takes requests in order, other sessions do not wait", async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let open = 0;
    desk.replies(async (request) => {
      const asked = JSON.stringify(request.body["messages"]);
      if (asked.includes("free")) return { text: ["free"] };
      const gate = gates[open];
      open += 1;
      await gate?.promise;
      return { text: ["done"] };
    });
    const first = chat({ messages: [user("one")], user: "queue" });
    while (open === 0) await pause(5);
    const second = chat({ messages: [user("two")], user: "queue" });
    assert.equal((await chat({ messages: [user("free")] })).status, 200);
    assert.equal(open, 1);
    gates[0]?.resolve();
    assert.equal((await first).status, 200);
    gates[1]?.resolve();
    assert.equal((await second).status, 200);
    assert.deepEqual(
      desk.asked().messages.map(({ content }) => content),
      ["one", "done", "two"],
    );
    desk.replies({ text: ["Hello"] });
  });
});
