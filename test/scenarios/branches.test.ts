/** Conversations taken back, continued on another branch and forked, on the built gateway and over a crash. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, history, open, refusal, textOf, type World } from "./_bad.ts";

const said = async ({ client }: World, key = "main") =>
  (await history(client, key))
    .filter(({ role }) => role === "user")
    .map((message) => textOf(message).split("\n").at(-1));

interface Told {
  readonly role: string;
  readonly __openclaw: { readonly id: string };
}

async function answers({ client }: World): Promise<readonly string[]> {
  const { messages } = (await client.request("chat.history", { sessionKey: "main" })) as unknown as {
    messages: Told[];
  };
  return messages.filter(({ role }) => role === "assistant").map((message) => message.__openclaw.id);
}

test("a conversation is taken back, goes on, and returns to what came later", async (t) => {
  const world = await open(t);
  const { client } = world;
  for (const text of ["one", "two", "three"]) await ask(client, text);
  const [first = ""] = await answers(world);
  await client.request("sessions.rewind", { key: "main", messageId: first });
  assert.deepEqual(await said(world), ["one"]);
  await ask(client, "other");
  const asked = world.model.requests.at(-1)?.body["messages"] as readonly { role: string; content: unknown }[];
  assert.doesNotMatch(JSON.stringify(asked.filter(({ role }) => role !== "system")), /two|three/);
  await world.restart("kill");
  assert.deepEqual(await said(world), ["one", "other"]);
  const { branches } = (await world.client.request("sessions.branches.list", { key: "main" })) as unknown as {
    branches: { id: string; active: boolean; preview: string }[];
  };
  assert.deepEqual(
    branches.map(({ active, preview }) => [active, preview.split(" ").at(-1)]),
    [
      [true, "other"],
      [false, "three"],
    ],
  );
  await world.client.request("sessions.branches.switch", { key: "main", branchId: branches[1]?.id ?? "" });
  assert.deepEqual(await said(world), ["one", "two", "three"]);
});

test("the first message is said anew, and the session is known to have branches", async (t) => {
  const world = await open(t);
  const { client } = world;
  await ask(client, "one");
  const first = (await history(client, "main"))[0] as unknown as Told;
  await client.request("sessions.rewind", { key: "main", messageId: first.__openclaw.id, before: true });
  assert.deepEqual(await said(world), []);
  await ask(client, "other one");
  assert.deepEqual(await said(world), ["other one"]);
  const { sessions } = (await client.request("sessions.list", {})) as unknown as {
    sessions: { isMain: boolean; sessionId: string; branchedSessionId?: string }[];
  };
  const main = sessions.find(({ isMain }) => isMain);
  assert.equal(main?.branchedSessionId, main?.sessionId);
});

test("a fork knows what was said before it and nothing that is said after", async (t) => {
  const world = await open(t);
  const { client } = world;
  for (const text of ["one", "two"]) await ask(client, text);
  const fork = (await client.request("sessions.fork", { key: "main", label: "what if" })) as unknown as { key: string };
  await ask(client, "only here", fork.key);
  await ask(client, "only there");
  assert.deepEqual(await said(world, fork.key), ["one", "two", "only here"]);
  assert.deepEqual(await said(world), ["one", "two", "only there"]);
});

test("what cannot be turned is refused and stays as it is", async (t) => {
  const world = await open(t);
  const { client } = world;
  await ask(client, "one");
  const unknown = await refusal(client.request("sessions.rewind", { key: "main", messageId: "nothing" }));
  assert.match(unknown.message, /message not found/);
  const changed = { key: "main", messageId: (await answers(world))[0] ?? "", expectedSessionId: "another" };
  assert.match((await refusal(client.request("sessions.rewind", changed))).message, /started afresh/);
  assert.match((await refusal(client.request("sessions.fork", { key: "no-such" }))).message, /session not found/);
  assert.deepEqual(await said(world), ["one"]);
});
