/** What was written down last spring is found again, whatever happens to the gateway or to the provider meanwhile. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startEmbeddingServer, type EmbeddingServer } from "../fakes/embeddings.ts";
import type { SeenRequest } from "../fakes/model-server.ts";
import type { Overlay, Place } from "../harness/gateway.ts";
import { until } from "../harness/until.ts";
import { ask, command, lastAsked, open } from "./_bad.ts";
import type { World } from "./_bad.ts";

const DAYS = 300;

/** Three hundred days of notes; on one of them the dog ran away. */
function diary(place: Place): void {
  const folder = join(place.home, "workspace", "memory");
  mkdirSync(folder, { recursive: true });
  for (let day = 0; day < DAYS; day += 1) {
    const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
    const said =
      date === "2026-04-17" ? "The hound got lost in the park; found him at the fountain." : "Nothing of note.";
    writeFileSync(join(folder, `${date}.md`), `# ${date}\n\n${said}\nWeather report number ${day}.\n`);
  }
}

/** The model answers `recall: <question>` by searching memory and saying where the first result stands. */
function recalls(world: World): void {
  world.script = (request) => {
    const query = /recall: (.*)$/s.exec(lastAsked(request))?.[1]?.trim();
    if (query === undefined) return undefined;
    const results = toolResults(request);
    if (results.length === 0) return calls("memory_search", { query });
    const { results: hits = [], mode } = JSON.parse(results[0] ?? "{}") as {
      results?: { path: string; startLine: number }[];
      mode?: string;
    };
    const [hit] = hits;
    if (hit === undefined) return { text: [`nothing (${mode})`] };
    if (results.length === 1) return calls("memory_get", { path: hit.path, from: hit.startLine, lines: 3 });
    const { text } = JSON.parse(results[1] ?? "{}") as { text: string };
    return { text: [`${mode}: ${hit.path}: ${text.split("\n")[2]}`] };
  };
}

function calls(name: string, args: object) {
  return { calls: [{ id: `call_${name}`, name, arguments: JSON.stringify(args) }] };
}

function toolResults(request: SeenRequest): string[] {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
  return since
    .filter(({ role }) => role === "tool")
    .map(({ content }) =>
      typeof content === "string" ? content : (content as { text: string }[]).map(({ text }) => text).join(""),
    );
}

async function world(t: TestContext, memorySearch: Overlay = {}): Promise<World> {
  const made = await open(t, {
    overlay: { agents: { defaults: { memorySearch } } },
    prepare: (place) => {
      diary(place);
      return undefined;
    },
  });
  recalls(made);
  return made;
}

async function withEmbeddings(t: TestContext): Promise<{ world: World; embeddings: EmbeddingServer }> {
  const embeddings = await startEmbeddingServer();
  t.after(() => embeddings.close());
  return { embeddings, world: await world(t, { remote: { baseUrl: embeddings.url }, model: "fake" }) };
}

const status = (world: World) =>
  world.client.request("doctor.memory.status", {}) as Promise<{
    files: number;
    dirty: boolean;
    embedding: { ok: boolean; error?: string };
    embeddings: { stored: number; pending: number };
  }>;

const embedded = async (world: World) => {
  const { embeddings } = await status(world);
  return embeddings.stored >= DAYS && embeddings.pending === 0;
};

test("a note of last spring is found by its words, and nothing is begun before somebody asks", async (t) => {
  const gateway = await world(t);
  assert.equal(await ask(gateway.client, "hello"), "answer to hello");
  assert.equal(existsSync(join(gateway.place.state, "memory")), false);
  const answer = await ask(gateway.client, "recall: where was the hound found?");
  assert.equal(answer, "text: memory/2026-04-17.md: The hound got lost in the park; found him at the fountain.");
  const { files, embedding } = await status(gateway);
  assert.equal(files, DAYS);
  assert.match(embedding.error ?? "", /^embeddings disabled: no provider has a key/);
});

test("it is found by its meaning, from the command line as well, with and without the gateway", async (t) => {
  const { world: gateway } = await withEmbeddings(t);
  await ask(gateway.client, "recall: puppy");
  await until(() => embedded(gateway));
  assert.match(await ask(gateway.client, "recall: puppy"), /^hybrid: memory\/2026-04-17\.md: The hound/);

  const search = async () => {
    const { stdout, code, stderr } = await command(gateway.place, ["memory", "search", "puppy", "--json"]);
    assert.equal(code, 0, stderr);
    return (JSON.parse(stdout) as { results: { path: string }[] }).results[0]?.path;
  };
  assert.equal(await search(), "memory/2026-04-17.md");
  await gateway.gateway.stop();
  assert.equal(await search(), "memory/2026-04-17.md");
  const { stdout } = await command(gateway.place, ["memory", "status", "--json"]);
  const { files, chunks, dirty } = JSON.parse(stdout) as { files: number; chunks: number; dirty: boolean };
  assert.deepEqual([files, chunks, dirty], [DAYS, DAYS, false]);
});

test("a gateway killed while it computes embeddings goes on where it was", async (t) => {
  const { world: gateway, embeddings } = await withEmbeddings(t);
  embeddings.delayMs = 150;
  await ask(gateway.client, "recall: puppy");
  await until(() => embeddings.requests.length >= 4);
  await gateway.restart("kill");
  embeddings.delayMs = 0;
  await ask(gateway.client, "recall: fountain");
  await until(() => embedded(gateway));
  assert.match(await ask(gateway.client, "recall: puppy"), /^hybrid: memory\/2026-04-17\.md/);
  const texts = embeddings.requests.flat().filter((text) => text.startsWith("#"));
  assert.ok(texts.length < DAYS * 2 - 32, `${texts.length} texts were computed, of ${DAYS}`);
});

test("a provider that goes away leaves words, and is asked again later", async (t) => {
  const { world: gateway, embeddings } = await withEmbeddings(t);
  embeddings.refuse = 401;
  assert.match(await ask(gateway.client, "recall: fountain"), /^text: memory\/2026-04-17\.md/);
  assert.equal(await ask(gateway.client, "recall: puppy"), "nothing (text)");
  assert.match((await status(gateway)).embedding.error ?? "", /HTTP 401/);
  embeddings.refuse = undefined;
  await gateway.restart("stop");
  await ask(gateway.client, "recall: fountain");
  await until(() => embedded(gateway));
  assert.match(await ask(gateway.client, "recall: puppy"), /^hybrid: memory\/2026-04-17\.md/);
});

test("a provider that goes away in the middle of the index leaves words and what it has computed; one that is back goes on", async (t) => {
  const { world: gateway, embeddings } = await withEmbeddings(t);
  embeddings.delayMs = 400;
  await ask(gateway.client, "recall: hound");
  await until(async () => (await status(gateway)).files === DAYS && embeddings.requests.length >= 2);
  await embeddings.close();
  assert.match(await ask(gateway.client, "recall: hound"), /^\w+: memory\/2026-04-17\.md/);
  await until(async () => (await status(gateway)).embedding.error !== undefined);
  const { embeddings: left, embedding } = await status(gateway);
  assert.ok(left.stored > 0 && left.stored < DAYS, `${left.stored} were computed`);
  assert.match(embedding.error ?? "", /127\.0\.0\.1/);

  const port = Number(new URL(embeddings.url).port);
  const back = await startEmbeddingServer(port);
  t.after(() => back.close());
  await gateway.restart("stop");
  await ask(gateway.client, "recall: fountain");
  await until(() => embedded(gateway));
  assert.match(await ask(gateway.client, "recall: puppy"), /^hybrid: memory\/2026-04-17\.md/);
  const texts = back.requests.flat().filter((text) => text.startsWith("#"));
  assert.ok(texts.length <= DAYS - left.stored, `${texts.length} of ${DAYS} after ${left.stored}`);
});

test("notes that are written, cut and removed all the while are found as they are in the end", async (t) => {
  const { world: gateway, embeddings } = await withEmbeddings(t);
  embeddings.delayMs = 20;
  const folder = join(gateway.place.home, "workspace", "memory");
  let writes = 0;
  const busy = setInterval(() => {
    const path = join(folder, `busy-${writes % 7}.md`);
    writes += 1;
    if (writes % 5 === 0) rmSync(path, { force: true });
    else if (writes % 3 === 0) writeFileSync(path, "# cut in the mid");
    else writeFileSync(path, `# busy\n\n${`Line ${writes} about nothing.\n`.repeat(200)}`);
  }, 5);
  t.after(() => clearInterval(busy));
  for (let n = 0; n < 5; n += 1)
    assert.match(await ask(gateway.client, "recall: hound"), /^\w+: memory\/2026-04-17\.md/);
  clearInterval(busy);
  assert.ok(writes > 20, `${writes} writes`);
  for (let n = 0; n < 7; n += 1) rmSync(join(folder, `busy-${n}.md`), { force: true });
  writeFileSync(join(folder, "busy-0.md"), "# busy\n\nThe umbrella stands in the cellar.\n");
  await until(async () => /^\w+: memory\/busy-0\.md: The umbrella/.test(await ask(gateway.client, "recall: umbrella")));
  const found = (await ask(gateway.client, "recall: about nothing")).split(": ");
  assert.ok(!existsSync(join(folder, "busy-1.md")) && !/busy-[1-6]/.test(found[1] ?? ""), found.join());
});

test("an agent whose memory is turned off is not offered the tools", async (t) => {
  const gateway = await world(t, { enabled: false });
  await ask(gateway.client, "hello");
  const tools = gateway.model.requests[0]?.body["tools"] as { function: { name: string } }[];
  const names = tools.map((tool) => tool.function.name);
  assert.ok(names.includes("read"));
  assert.ok(!names.some((name) => name.startsWith("memory_")), names.join());
});
