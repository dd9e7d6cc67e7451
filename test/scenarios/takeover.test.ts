/**
 * An installation of the documented layout is taken over: its sessions, preferences, transcripts, workspace and
 * unknown fields are there, the next turn knows what was said, and nothing of it is lost.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Place } from "../harness/gateway.ts";
import { ask, command, history, open, textOf, until } from "./_bad.ts";

const AT = "2026-03-04T05:06:07.000Z";
const MOMENT = Date.parse(AT);

const header = (id: string) => ({ type: "session", version: 3, id, cwd: "/old/workspace", timestamp: AT });
const message = (id: string, parentId: string | null, body: object) => ({
  type: "message",
  id,
  parentId,
  timestamp: AT,
  message: body,
});
const user = (text: string) => ({ role: "user", content: [{ type: "text", text }], timestamp: MOMENT });
const assistant = (content: object[], more: object = {}) => ({
  role: "assistant",
  content,
  timestamp: MOMENT,
  api: "anthropic-messages",
  provider: "anthropic",
  model: "claude-old",
  usage: { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, totalTokens: 15, cost: { total: 0.01 } },
  stopReason: "stop",
  ...more,
});
const text = (value: string) => ({ type: "text", text: value });

/** A conversation with everything that the documented format knows. */
const MAIN = [
  header("11111111-aaaa-4bbb-8ccc-000000000001"),
  { type: "model_change", id: "e0", parentId: null, timestamp: AT, provider: "anthropic", modelId: "claude-old" },
  { type: "thinking_level_change", id: "e1", parentId: "e0", timestamp: AT, thinkingLevel: "low" },
  message("e2", "e1", user("my cat is called Ottokar")),
  message("e3", "e2", assistant([{ type: "thinking", thinking: "hm", thinkingSignature: "sig" }, text("Noted.")])),
  message("e4", "e3", user("read the list")),
  message(
    "e5",
    "e4",
    assistant([{ type: "toolCall", id: "call_9", name: "read", arguments: { path: "list.txt" } }], {
      stopReason: "toolUse",
    }),
  ),
  message("e6", "e5", {
    role: "toolResult",
    toolCallId: "call_9",
    toolName: "read",
    content: [text("milk")],
    isError: false,
    timestamp: MOMENT,
    details: { size: 4 },
  }),
  message("e7", "e6", assistant([text("It says milk.")])),
  { type: "custom", id: "e8", parentId: "e7", timestamp: AT, customType: "note", data: { any: "thing" } },
  {
    type: "custom_message",
    id: "e9",
    parentId: "e8",
    timestamp: AT,
    customType: "hint",
    content: "an extension said this",
    display: false,
  },
  { type: "label", id: "e10", parentId: "e9", timestamp: AT, targetId: "e3", label: "cat" },
  { type: "session_info", id: "e11", parentId: "e10", timestamp: AT, name: "About the cat" },
  { type: "something_newer", id: "e12", parentId: "e11", timestamp: AT, payload: { future: true } },
];
const TOPIC = [
  header("22222222-aaaa-4bbb-8ccc-000000000002"),
  message("t1", null, user("in the topic")),
  message("t2", "t1", assistant([text("yes")])),
];

const INDEX = {
  "agent:main:main": {
    sessionId: "11111111-aaaa-4bbb-8ccc-000000000001",
    updatedAt: Date.now() - 1000,
    sessionStartedAt: Date.now() - 2000,
    lastInteractionAt: Date.now() - 1000,
    thinkingLevel: "low",
    verboseLevel: "on",
    compactionCount: 3,
    inputTokens: 1234,
    cliSessionIds: { "claude-cli": "abc" },
    somethingOfTomorrow: { kept: [1, 2, 3] },
  },
  "agent:main:telegram:direct:11": {
    sessionId: "33333333-aaaa-4bbb-8ccc-000000000003",
    updatedAt: MOMENT,
    label: "Alice",
    sendPolicy: "deny",
  },
  "group:-100": {
    sessionId: "44444444-aaaa-4bbb-8ccc-000000000004",
    updatedAt: MOMENT,
    channel: "telegram",
    groupActivation: "always",
  },
  "agent:main:telegram:group:-5:topic:3": {
    sessionId: "22222222-aaaa-4bbb-8ccc-000000000002",
    updatedAt: Date.now() - 1000,
    sessionStartedAt: Date.now() - 2000,
  },
  broken: { updatedAt: 1 },
};

const lines = (entries: readonly object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

function lay(place: Place): undefined {
  const folder = join(place.state, "agents/main/sessions");
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(place.state, "agents/main/agent"), { recursive: true });
  mkdirSync(join(place.state, "credentials/whatsapp/default"), { recursive: true });
  writeFileSync(join(folder, "sessions.json"), JSON.stringify(INDEX, null, 2));
  writeFileSync(
    join(folder, "11111111-aaaa-4bbb-8ccc-000000000001.jsonl"),
    `${lines(MAIN)}{"type":"message","id":"torn`,
  );
  writeFileSync(join(folder, "22222222-aaaa-4bbb-8ccc-000000000002-topic-3.jsonl"), lines(TOPIC));
  writeFileSync(join(folder, "55555555-old.jsonl.reset.2026-01-01T00-00-00.000Z"), lines(TOPIC));
  writeFileSync(
    join(place.state, "agents/main/agent/auth-profiles.json"),
    JSON.stringify({ version: 1, profiles: {} }),
  );
  writeFileSync(join(place.state, "credentials/whatsapp/default/creds.json"), "{}");
  mkdirSync(join(place.home, "workspace/memory"), { recursive: true });
  writeFileSync(join(place.home, "workspace/SOUL.md"), "Be brief and call me captain.\n");
  writeFileSync(join(place.home, "workspace/memory/2026-03-04.md"), "# A day\n");
  return undefined;
}

/** Every file below a folder with its bytes. */
function contents(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, "utf8")]),
  );
}

test("the next turn knows what was said before, through a transcript with every kind of entry", async (t) => {
  const world = await open(t, { prepare: lay });
  assert.equal(await ask(world.client, "what is my cat called?"), "answer to what is my cat called?");
  const sent = JSON.stringify(world.model.requests[0]?.body["messages"]);
  assert.match(sent, /Ottokar/);
  assert.match(sent, /It says milk/);
  assert.match(sent, /call me captain/);
  const shown = await history(world.client);
  assert.ok(shown.some((one) => textOf(one).includes("Ottokar")));
  assert.equal(existsSync(join(world.place.home, "workspace/BOOTSTRAP.md")), false);
});

test("sessions keep their preferences and fields that nobody knows, under canonical keys", async (t) => {
  const world = await open(t, { prepare: lay });
  const { sessions } = (await world.client.request("sessions.list", { includeGlobal: true })) as unknown as {
    sessions: readonly Record<string, unknown>[];
  };
  const by = new Map(sessions.map((row) => [row["key"], row]));
  assert.deepEqual([...by.keys()].map(String).toSorted(), [
    "agent:main:main",
    "agent:main:telegram:dm:11",
    "agent:main:telegram:group:-100",
    "agent:main:telegram:group:-5:topic:3",
  ]);
  assert.deepEqual(by.get("agent:main:main")?.["somethingOfTomorrow"], { kept: [1, 2, 3] });
  assert.equal(by.get("agent:main:main")?.["thinkingLevel"], "low");
  assert.equal(by.get("agent:main:telegram:dm:11")?.["sendPolicy"], "deny");
  assert.equal(by.get("agent:main:telegram:group:-100")?.["groupActivation"], "always");
  const listed = await command(world.place, ["sessions", "--json"]);
  assert.equal((JSON.parse(listed.stdout) as { count: number }).count, 4, listed.stderr);
});

test("a transcript with the name of its topic goes on, under both names", async (t) => {
  const world = await open(t, { prepare: lay });
  const key = "agent:main:telegram:group:-5:topic:3";
  await ask(world.client, "and now?", key);
  assert.deepEqual(
    (await history(world.client, key))
      .filter(({ role }) => role === "user")
      .map((one) => textOf(one).split("\n").at(-1)),
    ["in the topic", "and now?"],
  );
  const folder = join(world.place.state, "agents/main/sessions");
  const named = statSync(join(folder, "22222222-aaaa-4bbb-8ccc-000000000002-topic-3.jsonl"));
  assert.equal(named.ino, statSync(join(folder, "22222222-aaaa-4bbb-8ccc-000000000002.jsonl")).ino);
});

test("nothing that was there is lost or changed but by what is added", async (t) => {
  let before = new Map<string, string>();
  const world = await open(t, {
    prepare: (place) => {
      lay(place);
      before = contents(place.home);
      return undefined;
    },
  });
  await ask(world.client, "hello");
  await world.restart("stop");
  await until("the index is written", () =>
    readFileSync(join(world.place.state, "agents/main/sessions/sessions.json"), "utf8").includes("telegram:dm:11"),
  );
  const after = contents(world.place.home);
  for (const [path, body] of before) {
    const now = after.get(path) ?? "";
    if (path.endsWith("sessions.json") || path.endsWith("openclaw.json") || path.endsWith(".log")) continue;
    const whole = path.endsWith("0001.jsonl") ? body.slice(0, body.lastIndexOf("\n") + 1) : body;
    assert.ok(now.startsWith(whole), path);
  }
  const torn = [...after].filter(([path]) => path.includes("0001.jsonl") && !path.endsWith("0001.jsonl"));
  assert.ok(
    torn.some(([, body]) => body.includes('"id":"torn')),
    "the unfinished line is kept aside",
  );
});

test("what an owner removes from sessions.json while no gateway runs is gone, the rest stays", async (t) => {
  const world = await open(t, { prepare: lay });
  await ask(world.client, "hello");
  await world.gateway.stop();
  const file = join(world.place.state, "agents/main/sessions/sessions.json");
  const index = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  delete index["agent:main:telegram:dm:11"];
  writeFileSync(file, JSON.stringify(index));
  await world.restart("stop");
  const { sessions } = (await world.client.request("sessions.list", {})) as unknown as { sessions: { key: string }[] };
  assert.ok(!sessions.some(({ key }) => key.endsWith("dm:11")));
  assert.ok(sessions.some(({ key }) => key === "agent:main:main"));
});
