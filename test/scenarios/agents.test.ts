/** Several agents in one gateway: each with a place, a model and conversations of its own, and gone when deleted. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { SeenRequest } from "../fakes/model-server.ts";
import { ask, command, open, refusal, until } from "./_bad.ts";
import type { World } from "./_bad.ts";

const model = (id: string) => ({
  id,
  name: id,
  reasoning: false,
  input: ["text"],
  contextWindow: 200_000,
  maxTokens: 4096,
});
const OVERLAY = {
  agents: {
    list: [
      { id: "main", default: true },
      { id: "work", model: "fake/second", identity: { name: "Ada" }, tools: { deny: ["exec", "process"] } },
    ],
  },
  models: { providers: { fake: { models: [model("fake-1"), model("second")] } } },
};

const promptOf = (request: SeenRequest | undefined): string =>
  String((request?.body["messages"] as { content: unknown }[] | undefined)?.[0]?.content);
const toolsOf = (request: SeenRequest | undefined): string[] =>
  ((request?.body["tools"] ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
const keysOf = async (world: World): Promise<string[]> => {
  const { sessions } = await world.client.request("sessions.list", {});
  return sessions.map(({ key }) => key);
};

test("every agent has its own workspace, model, tools and conversations", async (t) => {
  const world = await open(t, { overlay: OVERLAY });
  await ask(world.client, "I am at home");
  await ask(world.client, "I am at work", "agent:work:main");
  const [home, work] = world.model.requests;
  assert.deepEqual([home?.body["model"], work?.body["model"]], ["fake-1", "second"]);
  assert.match(promptOf(work), /^You are Ada, a personal assistant/);
  assert.ok(promptOf(work).includes(join(world.place.state, "workspace-work")));
  assert.ok(!JSON.stringify(work?.body).includes("at home"));
  assert.ok(toolsOf(home).includes("exec") && !toolsOf(work).includes("exec"));
  assert.ok(existsSync(join(world.place.state, "workspace-work", "BOOTSTRAP.md")));
  for (const id of ["main", "work"])
    assert.ok(readdirSync(join(world.place.state, "agents", id, "sessions")).some((name) => name.endsWith(".jsonl")));
});

test("who an agent became in its first conversation is shown, with its picture", async (t) => {
  const world = await open(t);
  await ask(world.client, "hello");
  const workspace = join(world.place.home, "workspace");
  writeFileSync(join(workspace, "IDENTITY.md"), "- **Name:** Robin\n- **Emoji:** 🐦\n- **Avatar:** robin.png\n");
  const { agents } = await world.client.request("agents.list", {});
  assert.deepEqual(agents[0]?.["identity"], {
    name: "Robin",
    emoji: "🐦",
    avatar: "robin.png",
    avatarUrl: "/avatar/main",
  });
  const shown = await world.client.request("agent.identity.get", {});
  assert.deepEqual(shown, { agentId: "main", name: "Robin", emoji: "🐦", avatar: "robin.png", nameSource: "file" });
});

test("an agent that is renamed goes by its new name, and a picture from elsewhere on the disk is refused", async (t) => {
  const world = await open(t, { overlay: OVERLAY });
  const change = (more: object) => world.client.request("agents.update", { agentId: "work", ...more });
  await change({ name: "Grace", emoji: "🦉", model: null });
  const { agents } = await world.client.request("agents.list", {});
  const work = agents.find(({ id }) => id === "work");
  assert.deepEqual([work?.name, work?.identity?.name, work?.identity?.emoji], ["Grace", "Grace", "🦉"]);
  await ask(world.client, "who are you?", "agent:work:main");
  assert.match(promptOf(world.model.requests[0]), /^You are Grace, /);
  assert.equal(world.model.requests[0]?.body["model"], "fake-1");
  assert.match((await refusal(change({ avatar: "/etc/logo.png" }))).message, /not in the workspace/);
  await change({ avatar: "https://example.com/owl.png" });
});

test("a deleted agent stops, forgets its conversations, and begins anew when it is made again", async (t) => {
  const world = await open(t);
  const workspace = join(world.place.home, "desk");
  const make = () => world.client.request("agents.create", { name: "Desk", workspace });
  await make();
  await ask(world.client, "remember the kettle", "agent:desk:main");
  await ask(world.client, "and another room", "agent:desk:room");
  const index = (id: string) => join(world.place.state, "memory", `${id}.sqlite`);
  mkdirSync(join(world.place.state, "memory"), { recursive: true });
  for (const path of [index("desk"), `${index("desk")}-wal`, index("main")]) writeFileSync(path, "what the notes said");
  world.script = () => ({ kind: "hang", after: "text" });
  const asked = world.model.requests.length;
  const cut = refusal(ask(world.client, "say on and on", "agent:desk:main")).catch(() => undefined);
  await until("the model was asked", () => world.model.requests.length > asked);

  const outcome = (await world.client.request("agents.delete", { agentId: "desk" })) as Record<string, unknown>;
  await cut;
  assert.equal(outcome["removedSessions"], 2);
  assert.deepEqual(
    (outcome["removed"] as { path: string }[]).map(({ path }) => path),
    [workspace, join(world.place.state, "agents", "desk")],
  );
  assert.ok(!existsSync(workspace) && !existsSync(join(world.place.state, "agents", "desk")));
  assert.ok(!existsSync(index("desk")) && !existsSync(`${index("desk")}-wal`), "what memory knew of it is gone");
  assert.ok(existsSync(index("main")), "what it knows of others stays");
  assert.ok(!(await keysOf(world)).some((key) => key.startsWith("agent:desk:")));
  assert.match((await refusal(world.client.request("agents.delete", { agentId: "desk" }))).message, /not found/);
  assert.match((await refusal(world.client.request("agents.delete", { agentId: "main" }))).message, /default agent/);

  world.script = undefined;
  await make();
  await ask(world.client, "who are you?", "agent:desk:main");
  assert.ok(!JSON.stringify(world.model.requests.at(-1)?.body).includes("kettle"));
});

test("the command deletes through the gateway that runs, and what is not sure asks first", async (t) => {
  const world = await open(t);
  const { place } = world;
  const made = await command(place, ["agents", "add", "desk", "--workspace", join(place.home, "desk"), "--json"]);
  assert.equal(made.code, 0, made.stderr);
  await until("the gateway knows the agent", async () => {
    const { agents } = await world.client.request("agents.list", {});
    return agents.some(({ id }) => id === "desk");
  });
  await ask(world.client, "hello", "agent:desk:main");
  assert.equal((await command(place, ["agents", "delete", "desk"])).code, 1);
  const deleted = await command(place, ["agents", "delete", "desk", "--force", "--json"]);
  assert.equal((JSON.parse(deleted.stdout) as { removedSessions: number }).removedSessions, 1, deleted.stderr);
  assert.ok(!(await keysOf(world)).some((key) => key.startsWith("agent:desk:")));
  assert.ok(!readFileSync(join(place.state, "openclaw.json"), "utf8").includes("desk"));
});
