/** What happened, on the built gateway: told run by run, followed from a cursor over a crash, and enough to ask again. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeTelegram } from "../fakes/telegram.ts";
import { ask, command, lastAsked, open, until, type World } from "./_bad.ts";

interface Fact {
  readonly id: number;
  readonly kind: string;
  readonly runId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const facts = async ({ client }: World, params: Record<string, unknown> = {}): Promise<readonly Fact[]> =>
  ((await client.request("audit.list", { limit: 500, ...params })) as unknown as { events: readonly Fact[] }).events;

function readsAFile(world: World): void {
  world.script = (request) => {
    const messages = request.body["messages"] as readonly { role: string }[];
    if (messages.at(-1)?.role === "tool") return { text: ["done"] };
    if (!lastAsked(request).includes("read")) return undefined;
    return { calls: [{ id: "call_1", name: "read", arguments: JSON.stringify({ path: "AGENTS.md" }) }] };
  };
}

test("a run is told from message to end, with every decision, call and duration, and nothing that was said", async (t) => {
  const world = await open(t);
  readsAFile(world);
  await ask(world.client, "read the secret rules");
  const told = (await facts(world)).toReversed();
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["message", "route", "start", "prompt", "model", "decision", "tool", "model", "end"],
  );
  assert.equal(new Set(told.map(({ runId }) => runId)).size, 1);
  assert.ok(told.every(({ id }, i) => i === 0 || id > (told[i - 1]?.id ?? 0)));
  assert.doesNotMatch(JSON.stringify(told), /secret rules/);
  const shown = await command(world.place, ["runs", "show", told[0]?.runId.slice(0, 8) ?? ""]);
  assert.equal(shown.code, 0, shown.stderr);
  for (const kind of ["message", "route", "model", "decision", "tool", "end"])
    assert.match(shown.stdout, new RegExp(`s  ${kind}`));
  const list = await command(world.place, ["runs", "--json"]);
  assert.equal((JSON.parse(list.stdout) as { runs: { status: string }[] }).runs[0]?.status, "ok");
});

test("the prompts of a run are kept under their hashes, so that its requests can be put together again", async (t) => {
  const world = await open(t);
  readsAFile(world);
  await ask(world.client, "read it");
  const [end] = await facts(world, { kind: "end" });
  const inspected = (await world.client.request("audit.run.inspect", {
    runId: end?.runId ?? "",
    includeBodies: true,
  })) as unknown as { events: readonly Fact[]; bodies: Record<string, string> };
  const begun = inspected.events.find(({ kind }) => kind === "prompt");
  assert.ok(begun);
  const prompt = begun.data as { system: { hash: string }[]; tools: { hash: string } };
  const system = prompt.system.map(({ hash }) => inspected.bodies[hash]);
  const messages = world.model.requests[0]?.body["messages"] as { role: string; content: unknown }[] | undefined;
  const sent = messages?.[0]?.content;
  assert.ok(
    system.every((part) => part !== undefined && JSON.stringify(sent).includes(JSON.stringify(part).slice(1, -1))),
  );
  const schemas = JSON.parse(inspected.bodies[prompt.tools.hash] ?? "[]") as { name: string }[];
  assert.ok(schemas.some(({ name }) => name === "read"));
  for (const [hash, body] of Object.entries(inspected.bodies))
    assert.equal(createHash("sha256").update(body).digest("hex").slice(0, hash.length), hash);
});

test("whoever follows hears what happens, and after a crash goes on from the last event that they know", async (t) => {
  const world = await open(t);
  const heard: Fact[] = [];
  world.client.on("audit.activity", (payload) => void heard.push(payload as unknown as Fact));
  await world.client.request("audit.activity.follow", { sessionKey: "agent:main:main" });
  await ask(world.client, "one");
  await until("the run has ended", () => heard.some(({ kind }) => kind === "end"));
  const cursor = heard.at(-1)?.id ?? 0;
  await ask(world.client, "two");
  await world.restart("kill");
  const missed = (await world.client.request("audit.activity.follow", { cursor })) as unknown as {
    events: readonly Fact[];
    more: boolean;
  };
  assert.deepEqual(
    missed.events.map(({ kind }) => kind),
    ["message", "route", "start", "prompt", "model", "end"],
  );
  assert.equal(missed.more, false);
});

test("what became of an answer on a chat network belongs to its run", async (t) => {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const world = await open(t, {
    overlay: {
      channels: {
        telegram: {
          botToken: telegram.token,
          apiRoot: telegram.url,
          dmPolicy: "open",
          allowFrom: ["*"],
          streaming: "off",
        },
      },
    },
  });
  await until("the bot polls", () => telegram.polling);
  telegram.inject({ chat: 7, text: "hello" });
  await until("the answer was delivered", async () => (await facts(world, { kind: "delivery" })).length > 0);
  const [delivery] = await facts(world, { kind: "delivery" });
  assert.equal(delivery?.data["state"], "sent");
  const [message] = await facts(world, { kind: "message" });
  assert.equal(message?.runId, delivery?.runId);
  assert.equal(message?.data["channel"], "telegram");
});

test("a run that nobody knows is refused with what to do", async (t) => {
  const world = await open(t);
  const shown = await command(world.place, ["runs", "show", "no-such-run"]);
  assert.equal(shown.code, 1);
  assert.match(shown.stderr, /no run "no-such-run" is on record/);
  assert.match(shown.stderr, /openclaw runs/);
});

test("a conversation is written out with everything that happened in it, each prompt under its hash", async (t) => {
  const world = await open(t);
  readsAFile(world);
  const secret = ["sk", "ant", "api03", "0123456789".repeat(4)].join("-");
  await ask(world.client, `read it with ${secret}`);
  const told = await command(world.place, ["sessions", "export-trajectory", "--output", "first"]);
  assert.equal(told.code, 0, told.stderr);
  const folder = told.stdout.trim();
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const manifest = JSON.parse(read("manifest.json")) as {
    traceSchema: string;
    files: { path: string; sha256: string }[];
  };
  assert.equal(manifest.traceSchema, "openclaw-trajectory");
  for (const { path, sha256 } of manifest.files)
    assert.equal(createHash("sha256").update(read(path)).digest("hex"), sha256, path);
  const events = read("events.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Fact);
  const prompt = events.find(({ kind }) => kind === "prompt")?.data as { tools: { hash: string } };
  assert.ok(manifest.files.some(({ path }) => path === `tools/${prompt.tools.hash}.json`));
  assert.match(read("session.jsonl"), /"toolCall"/);
  assert.ok(!read("session.jsonl").includes(secret));
  const again = await command(world.place, ["sessions", "export-trajectory", "--output", "first"]);
  assert.match(again.stderr, /is there already/);
  const outside = await command(world.place, ["sessions", "export-trajectory", "--output", "../outside"]);
  assert.match(outside.stderr, /must be a plain name/);
});
