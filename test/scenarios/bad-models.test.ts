/** Model servers that hang, break off, talk nonsense or refuse: one clear sentence, then the conversation goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../fakes/model-server.ts";
import { ask, command, history, open, refusal, textOf, wholeLines, works } from "./_bad.ts";

/** A model that says nothing is given up after a second. */
const IMPATIENT = { models: { providers: { fake: { timeoutSeconds: 1 } } } };

/** Silence and the whole are limited to the same second, so either may be what ends it. */
const GIVEN_UP = /^The model (sent nothing for|did not finish within) 1 s\. /;

interface Case {
  readonly title: string;
  readonly reply: Reply;
  readonly says: RegExp;
  /** Requests until the gateway gives up. */
  readonly requests: number;
  /** What was shown of an answer and stays in the history. */
  readonly keeps?: string;
}

const CASES: readonly Case[] = [
  {
    title: "hangs without an answer",
    reply: { kind: "hang", after: "request" },
    says: GIVEN_UP,
    requests: 2,
  },
  {
    title: "hangs after its headers",
    reply: { kind: "hang", after: "headers" },
    says: GIVEN_UP,
    requests: 2,
  },
  {
    title: "hangs after its first words",
    reply: { kind: "hang", after: "text" },
    says: GIVEN_UP,
    requests: 1,
    keeps: "Well,",
  },
  {
    title: "breaks the connection off",
    reply: { kind: "reset" },
    says: /^The connection to http:\/\/127\.0\.0\.1:\d+ broke \(ECONNRESET\)\. /,
    requests: 1,
    keeps: "Well,",
  },
  {
    title: "ends in the middle",
    reply: { kind: "cut" },
    says: /^The model's answer broke off before its end\. /,
    requests: 1,
    keeps: "Well,",
  },
  {
    title: "sends garbage for a stream",
    reply: { kind: "raw", body: "data: {not json\n\ndata: \u0000\u0001\n\n" },
    says: /^The model's server sent something that is not its protocol\. /,
    requests: 3,
  },
  {
    title: "sends a web page",
    reply: { kind: "raw", body: "<html><h1>Welcome to nginx</h1></html>", contentType: "text/html" },
    says: /^The address answered with a web page instead of a model's stream; check the base URL\. /,
    requests: 1,
  },
  {
    title: "refuses the key",
    reply: { kind: "refuse", status: 401, type: "invalid_request_error", message: "Incorrect API key provided" },
    says: /^HTTP 401: invalid_request_error: Incorrect API key provided\. /,
    requests: 1,
  },
  {
    title: "fails inside",
    reply: { kind: "refuse", status: 500, message: "The server had an error" },
    says: /^HTTP 500: error_type: The server had an error\. /,
    requests: 3,
  },
];

for (const { title, reply, says, requests, keeps } of CASES) {
  test(`a model server that ${title} costs one sentence, and the next message is answered`, async (t) => {
    const world = await open(t, { overlay: IMPATIENT });
    await works(world, "before");
    world.script = () => reply;
    const asked = world.model.requests.length;
    const fault = await refusal(ask(world.client, "now?"));
    assert.match(fault.message, says);
    assert.ok(
      fault.message.endsWith("Check the model's key, quota and server with: openclaw models list"),
      fault.message,
    );
    assert.equal(fault.remedy, "", "no second, different advice");
    assert.ok(!fault.message.includes("sk-fake"));
    assert.equal(world.model.requests.length - asked, requests);

    world.script = undefined;
    await works(world, "after");
    const middle = keeps === undefined ? [] : [keeps];
    assert.deepEqual(
      (await history(world.client)).map((message) => textOf(message).trim()),
      ["before", "answer to before", "now?", ...middle, "after", "answer to after"],
    );
    wholeLines(world.place);
  });
}

test("a model server that asks for patience is asked again when it said, and the answer comes", async (t) => {
  const world = await open(t);
  const at: number[] = [];
  world.script = () => {
    at.push(performance.now());
    if (at.length > 1) return undefined;
    return { kind: "refuse", status: 429, message: "slow down", headers: { "retry-after": "1" } };
  };
  await works(world);
  const [first = 0, second = 0] = at;
  assert.ok(second - first >= 990, `asked again after ${second - first} ms`);
});

test("a model server that asks for an hour is not waited for, and left alone for that time", async (t) => {
  const world = await open(t);
  world.script = () => ({ kind: "refuse", status: 429, message: "quota spent", headers: { "retry-after": "3600" } });
  const { code, stderr } = await command(world.place, ["agent", "--message", "now?"]);
  assert.equal(code, 1);
  assert.match(stderr, /HTTP 429.*quota spent/);
  const asked = world.model.requests.length;
  const { message } = await refusal(ask(world.client, "and now?"));
  assert.match(message, /^No available auth profile \(all in cooldown\/unavailable\)/);
  assert.match(message, /tried again in (60 min|1 h)/);
  assert.equal(world.model.requests.length, asked);
});

test("a model server that is not there is named with its address", async (t) => {
  const world = await open(t);
  await world.model.close();
  const { message } = await refusal(ask(world.client, "now?"));
  assert.match(message, /Could not reach http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\./);
  assert.equal(((await world.client.request("health")) as { ok: boolean }).ok, true);
});
