/** Skills of a real gateway: what the model is told, what commands get, how changes arrive. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { until } from "../harness/until.ts";
import { ask, command, lastAsked, open, refusal } from "./_bad.ts";
import type { World } from "./_bad.ts";

const SECRET = "tea-key-0123456789abcdef";
const promptOf = (request: SeenRequest | undefined): string => JSON.stringify(request?.body["messages"]);
const lastPrompt = (world: World): string => promptOf(world.model.requests.at(-1));

function layTea({ home }: World["place"]): undefined {
  skill(home, "tea", tea("Makes tea"));
}

function skill(home: string, name: string, text: string, folder = "workspace/skills"): void {
  const path = join(home, folder, name, "SKILL.md");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const tea = (description: string) =>
  `---\nname: tea\ndescription: ${description}\nmetadata: {"openclaw":{"requires":{"env":["TEA_KEY"]},"primaryEnv":"TEA_KEY"}}\n---\nBoil water.\n`;

/** Calls `exec` once with what the person wrote after "exec". */
function runs(request: SeenRequest): Reply | undefined {
  const messages = request.body["messages"] as { role: string }[];
  const wish = /exec (.*)$/s.exec(lastAsked(request))?.[1];
  if (wish === undefined) return undefined;
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
  if (since.some(({ role }) => role === "tool")) return { text: [JSON.stringify(since.at(-1))] };
  return { calls: [{ id: `call_${messages.length}`, name: "exec", arguments: JSON.stringify({ command: wish }) }] };
}

test("a skill of the workspace is offered, its key reaches commands only, and its changes arrive at the next turn", async (t) => {
  const skills = { entries: { tea: { apiKey: SECRET } }, allowBundled: ["notes"] };
  const overlay = { skills, logging: { level: "trace" } };
  const world = await open(t, { overlay, prepare: layTea });
  const { client, place } = world;

  await ask(client, "hello");
  const first = lastPrompt(world);
  assert.match(
    first,
    /<name>tea<\/name><description>Makes tea<\/description><location>[^<]*workspace\/skills\/tea\/SKILL\.md/,
  );
  assert.match(first, /<name>notes<\/name>/);
  assert.doesNotMatch(first, /<name>git-review<\/name>/);

  world.script = runs;
  assert.match(await ask(client, 'exec echo "length ${#TEA_KEY}"'), new RegExp(`length ${SECRET.length}`));
  assert.match(await ask(client, 'exec echo "key: $TEA_KEY"'), /key: \(TEA_KEY withheld\)/);
  assert.ok(!readFileSync(`/proc/${world.gateway.pid}/environ`, "utf8").includes(SECRET));

  world.script = undefined;
  skill(place.home, "tea", tea("Makes better tea"));
  await until(async () => {
    await ask(client, "again");
    return lastPrompt(world).includes("Makes better tea");
  });
  rmSync(join(place.home, "workspace/skills/tea"), { recursive: true });
  await until(async () => {
    await ask(client, "again");
    return !lastPrompt(world).includes("better tea");
  });

  await world.restart("stop");
  const log = readFileSync(join(place.home, "gateway.log"), "utf8");
  assert.match(log, /"level":"debug"/);
  assert.ok(!log.includes(SECRET));
});

test("a broken skill and one that climbs out are left out by name and reason; the gateway answers as ever", async (t) => {
  const world = await open(t, {
    prepare: ({ home }) => {
      skill(home, "broken", "---\nname: [\n");
      skill(home, "escape", "---\nname: ../../../etc\ndescription: x\n---\n");
      return undefined;
    },
  });
  assert.equal(await ask(world.client, "hello"), "answer to hello");
  const { problems } = (await world.client.request("skills.status", {})) as unknown as {
    problems: { path: string; reason: string }[];
  };
  assert.deepEqual(
    problems.map(({ path }) => path.split("/").at(-2)),
    ["broken", "escape"],
  );
  const checked = await command(world.place, ["skills", "check"]);
  assert.equal(checked.code, 1);
  assert.match(checked.stdout, /broken\/SKILL\.md has a front matter that does not end/);
  assert.match(checked.stdout, /escape\/SKILL\.md is called "\.\.\/\.\.\/\.\.\/etc"/);
});

test("a skill is switched off, on and given a key over the protocol, and the key is never shown", async (t) => {
  const world = await open(t, { prepare: layTea });
  const { client } = world;
  const stateOf = async () => {
    const { skills } = (await client.request("skills.status", {})) as unknown as { skills: Record<string, unknown>[] };
    const found = skills.find(({ name }) => name === "tea");
    return [found?.["eligible"], found?.["disabled"], found?.["hasApiKey"]];
  };
  assert.deepEqual(await stateOf(), [false, false, false]);
  const updated = await client.request("skills.update", {
    skillKey: "tea",
    apiKey: SECRET,
    env: { POT: "blue-secret" },
  });
  assert.ok(!JSON.stringify(updated).includes(SECRET) && !JSON.stringify(updated).includes("blue-secret"));
  assert.deepEqual(await stateOf(), [true, false, true]);
  await client.request("skills.update", { skillKey: "tea", enabled: false });
  assert.deepEqual(await stateOf(), [false, true, true]);
  const echoed = await refusal(client.request("skills.update", { skillKey: "tea", apiKey: "__OPENCLAW_REDACTED__" }));
  assert.match(echoed.message, /skills\.entries\.tea\.apiKey holds the mark/);
  await client.request("skills.update", { skillKey: "tea", enabled: true, apiKey: "" });
  assert.deepEqual(await stateOf(), [false, false, false]);
});

test("a person calls a skill by /skill and by its own command", async (t) => {
  const world = await open(t);
  const { client } = world;
  const say = async (message: string, timeoutMs = 10_000) => {
    const runId = crypto.randomUUID();
    await client.request("chat.send", { sessionKey: "main", message, idempotencyKey: runId });
    await client.request("agent.wait", { runId, timeoutMs });
  };
  await say("/skill notes buy milk");
  assert.match(
    lastPrompt(world),
    /Use the skill \\"notes\\" for this: read [^ ]*notes\/SKILL\.md first and follow it\.\\n\\nbuy milk/,
  );
  await say("/proofread to German: hi");
  assert.match(lastPrompt(world), /Use the skill \\"proofread\\".*\\n\\nto German: hi/);
  const before = world.model.requests.length;
  await say("/skill nots x", 1);
  await say("and now in my own words");
  assert.equal(world.model.requests.length, before + 1);
});

test("file tools that are confined to the workspace read the skills that came along, and nothing else outside", async (t) => {
  const world = await open(t, { overlay: { tools: { fs: { workspaceOnly: true } } } });
  const reads = (path: string) => {
    world.script = (request) => {
      const messages = request.body["messages"] as { role: string }[];
      const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
      if (since.some(({ role }) => role === "tool")) return { text: [JSON.stringify(since.at(-1))] };
      return { calls: [{ id: `call_${messages.length}`, name: "read", arguments: JSON.stringify({ path }) }] };
    };
    return ask(world.client, `read ${path}`);
  };
  await ask(world.client, "hello");
  const path = /<location>([^<]*\/notes\/SKILL\.md)</.exec(lastPrompt(world))?.[1] ?? "";
  assert.match(await reads(path), /Keep the owner's words/);
  assert.match(await reads(join(dirname(path), "../../package.json")), /outside/);
});
