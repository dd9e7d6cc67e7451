/** Fallbacks as people meet them, by the built gateway: the line about them, models that somebody chose, keys that are missing, tools. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { until } from "./_bad.ts";
import { pair, say } from "./_failover.ts";

const refuse = (status: number, type: string, message: string): Reply => ({ kind: "refuse", status, type, message });
const BROKEN = refuse(500, "api_error", "it broke inside");
const BEGUN = "↪️ Model Fallback: spare/spare-1 (selected fake/fake-1; server error)";
const OVER = "↪️ Model Fallback cleared: fake/fake-1 (was spare/spare-1)";

test("the line is said once for every change in a chat, also over a restart", async (t) => {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const chat = 11;
  const it = await pair(t, {
    session: { dmScope: "per-channel-peer" },
    channels: {
      telegram: { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [chat], dmPolicy: "allowlist" },
    },
  });
  // What was on its way when the gateway was stopped says so of itself.
  const texts = () => telegram.chats.standing(chat).map(({ text }) => text.replace("↻ (possibly repeated) ", ""));
  const says = async (text: string, count: number) => {
    telegram.inject({ chat, text });
    await until(`${count} messages stand there`, () => texts().length >= count, 20);
  };
  it.script = () => BROKEN;
  await says("one", 2);
  assert.deepEqual(texts(), ["from the fallback", BEGUN]);
  await says("two", 3);
  await it.restart();
  await says("three", 4);
  it.script = () => ({ text: ["from the chosen one"] });
  await says("four", 6);
  await says("five", 7);
  assert.deepEqual(texts().slice(2), [
    "from the fallback",
    "from the fallback",
    "from the chosen one",
    OVER,
    "from the chosen one",
  ]);
});

test("the line in web chat survives a restart, and no model reads it", async (t) => {
  const it = await pair(t);
  it.script = () => BROKEN;
  assert.deepEqual((await say(it.running(), "main", "one")).texts, ["from the fallback", BEGUN]);
  await it.restart();
  let read = "";
  it.spare = (messages) => ((read = JSON.stringify(messages)), { text: ["from the fallback"] });
  assert.deepEqual((await say(it.running(), "main", "two")).texts, ["from the fallback"]);
  assert.match(read, /from the fallback/);
  assert.doesNotMatch(read, /Model Fallback/);
  it.script = () => ({ text: ["well again"] });
  assert.deepEqual((await say(it.running(), "main", "three")).texts, ["well again", OVER]);
});

test("a model that a person chose stands alone, and a fallback needs no place on the list of allowed ones", async (t) => {
  const it = await pair(t, { agents: { defaults: { models: { "fake/fake-1": {} } } } });
  it.script = () => refuse(404, "not_found_error", "no such model");
  assert.equal((await say(it.running(), "main", "hello")).texts[0], "from the fallback");
  await it.running().client.request("sessions.patch", { key: "main", model: "fake/fake-1" });
  it.asked();
  const { error } = await say(it.running(), "main", "hello again");
  assert.match(error ?? "", /^HTTP 404: not_found_error: no such model/);
  assert.equal(it.asked(), "fake-1");
});

interface CallFact {
  readonly provider: string;
  readonly profileId?: string;
  readonly failure?: { readonly class: string; readonly code?: string };
}

test("a fallback without a key is told of by its name, and the next one is asked", async (t) => {
  const keyless = "google/gemini-3-pro-preview";
  const it = await pair(t, {
    agents: { defaults: { model: { primary: "fake/fake-1", fallbacks: [keyless, "spare/spare-1"] } } },
  });
  it.script = () => refuse(401, "authentication_error", "bad key");
  assert.equal((await say(it.running(), "main", "one")).texts[0], "from the fallback");
  it.spare = () => refuse(402, "billing_error", "no credit");
  const { error = "" } = await say(it.running(), "agent:main:other", "two");
  assert.match(error, /^All models failed \(3\): fake\/fake-1: /);
  assert.match(error, /google\/gemini-3-pro-preview: No API key found for provider "google" \(no API key\)/);
  assert.match(
    error,
    /spare\/spare-1: HTTP 402: billing_error: no credit \(billing\)\. One of them can be asked again in /,
  );
  const { events } = (await it.running().client.request("audit.list", { limit: 100, kind: "model" })) as unknown as {
    events: readonly { readonly data: CallFact }[];
  };
  const facts = events.map(({ data }) => data).toReversed();
  assert.deepEqual(
    facts.slice(0, 3).map(({ provider, failure }) => [provider, failure?.class, failure?.code]),
    [
      ["fake", "auth", "authentication_error"],
      ["google", "auth", "MODEL_KEY_MISSING"],
      ["spare", undefined, undefined],
    ],
  );
  assert.equal(facts[0]?.profileId, "config:fake");
});

test("what a tool did stands, and the fallback goes on from there", async (t) => {
  const it = await pair(t);
  const call = { id: "call_1", name: "write", arguments: JSON.stringify({ path: "note.txt", content: "kept" }) };
  it.script = (messages) => (messages.at(-1)?.role === "tool" ? BROKEN : { text: ["I write."], calls: [call] });
  let last: string | undefined;
  it.spare = (messages) => ((last = messages.at(-1)?.role), { text: ["It is written."] });
  const { texts, error } = await say(it.running(), "main", "write it");
  assert.equal(error, undefined);
  assert.equal(it.asked(), "fake-1 fake-1 fake-1 spare-1");
  assert.equal(last, "tool");
  assert.deepEqual(
    texts.filter((text) => /^I write|^It is/.test(text)),
    ["I write.", "It is written."],
  );
});
