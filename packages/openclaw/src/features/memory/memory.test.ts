import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFile, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../../../../../test/harness/until.ts";
import { NEVER, memoryWorld, type World } from "./_world.fixture.ts";

const paths = async (world: World, query: string) => (await world.search(query)).results.map(({ path }) => path);

/** Thirty days of notes, one piece each. */
async function month(world: World): Promise<void> {
  for (let day = 1; day <= 30; day += 1)
    await world.write(
      `memory/2026-04-${String(day).padStart(2, "0")}.md`,
      day === 17 ? "The hound ran away and came back." : `Day ${day}: nothing of note.`,
    );
}

describe("memory without a provider", () => {
  it("finds notes by their words, with file and lines", async (t) => {
    const world = await memoryWorld(t);
    await world.write("MEMORY.md", "# Me\n\n- The dog is called Rex.\n");
    await world.write("memory/2026-04-03.md", "Dentist on Friday.\n");
    await world.write("memory/trips/rome.md", "Hotel Artemide, room 12.\n");
    const { results, mode, provider, note } = await world.search("what is the dog called?");
    assert.deepEqual(results[0], {
      path: "MEMORY.md",
      startLine: 1,
      endLine: 3,
      score: 1,
      snippet: "# Me\n\n- The dog is called Rex.",
      source: "memory",
    });
    assert.deepEqual([mode, provider, note], ["text", "none", "no provider has a key"]);
    assert.deepEqual(await paths(world, "artemide"), ["memory/trips/rome.md"]);
    assert.deepEqual(await paths(world, "zebra"), []);
  });

  it("sees what was added, changed and taken away", async (t) => {
    const world = await memoryWorld(t);
    await world.write("memory/a.md", "alpha");
    assert.deepEqual(await paths(world, "alpha"), ["memory/a.md"]);
    await world.write("memory/a.md", "beta and more");
    await world.write("memory/b.md", "alpha again");
    assert.deepEqual(await paths(world, "alpha"), ["memory/b.md"]);
    assert.deepEqual(await paths(world, "beta"), ["memory/a.md"]);
    await rm(join(world.workspace, "memory", "a.md"));
    assert.deepEqual(await paths(world, "beta"), []);
  });

  it("leaves out links, what is no Markdown and no text, and what is too large, and says so", async (t) => {
    const world = await memoryWorld(t);
    await writeFile(join(world.workspace, "SOUL.md"), "secret alpha");
    await symlink(join(world.workspace, "SOUL.md"), join(world.workspace, "memory", "soul.md"));
    await symlink(world.workspace, join(world.workspace, "memory", "all"));
    await world.write("memory/a.txt", "alpha");
    await world.write("memory/.hidden/a.md", "alpha");
    await world.write("memory/picture.md", "alpha\0");
    await world.write("memory/huge.md", "alpha ".repeat(1_000_000));
    await world.write("memory/good.md", "alpha");
    assert.deepEqual(await paths(world, "alpha"), ["memory/good.md"]);
    const { skipped } = await world.memory.sync({ signal: NEVER });
    assert.deepEqual(skipped, ["memory/huge.md: larger than 4194304 bytes", "memory/picture.md: no text"]);
  });

  it("takes in further files and folders", async (t) => {
    const world = await memoryWorld(t, {
      extra: (workspace) => [join(workspace, "..", "vault"), join(workspace, "notes", "one.md")],
    });
    await world.write("../vault/deep/er.md", "alpha");
    await world.write("notes/one.md", "alpha beta");
    await world.write("notes/two.md", "alpha beta");
    const vault = join(world.workspace, "..", "vault", "deep", "er.md");
    assert.deepEqual((await paths(world, "alpha")).toSorted(), [vault, "notes/one.md"].toSorted());
  });

  it("does not quote the curated file and conversations where others listen", async (t) => {
    const world = await memoryWorld(t, { sessions: true });
    await world.write("MEMORY.md", "alpha of the owner");
    await world.write("memory/a.md", "alpha of the day");
    await world.write("../sessions/s1.jsonl", line("user", "alpha in private"));
    const inGroup = await world.search("alpha", { inPrivate: false });
    assert.deepEqual(
      inGroup.results.map(({ path }) => path),
      ["memory/a.md"],
    );
    assert.equal((await paths(world, "alpha")).length, 3);
  });

  it("notices changes by itself", async (t) => {
    const world = await memoryWorld(t, {
      search: (defaults) => ({ ...defaults, sync: { ...defaults.sync, watchDebounceMs: 20, onSearch: false } }),
    });
    await world.write("memory/a.md", "alpha");
    await world.search("alpha", { thorough: false });
    await world.write("memory/b.md", "beta");
    await until(async () => (await world.search("beta", { thorough: false })).results.length === 1);
  });

  it("keeps the index over a restart and looks at nothing twice", async (t) => {
    const world = await memoryWorld(t);
    await month(world);
    await world.memory.sync({ signal: NEVER });
    const again = await world.again();
    const { changed, files } = await again.memory.sync({ signal: NEVER });
    assert.deepEqual([changed, files], [0, 30]);
    assert.deepEqual(await paths(again, "hound"), ["memory/2026-04-17.md"]);
  });

  it("cuts and finds words anew when it is told to", async (t) => {
    const world = await memoryWorld(t);
    await world.write(
      "memory/a.md",
      Array.from({ length: 60 }, (_, i) => `line ${i} Donaudampfschifffahrt`).join("\n"),
    );
    await world.search("line");
    const before = (await world.memory.status({ signal: NEVER })).chunks;
    const finer = await world.again({ rule: { tokens: 50, overlap: 0 }, tokenizer: "trigram" });
    assert.equal((await finer.search("dampfschiff")).results.length, 6);
    assert.ok((await finer.memory.status({ signal: NEVER })).chunks > before);
  });

  it("takes a question of ten megabytes", async (t) => {
    const world = await memoryWorld(t);
    await world.write("memory/a.md", "needle");
    assert.deepEqual(await paths(world, `needle ${"hay ".repeat(2_500_000)}`), ["memory/a.md"]);
  });
});

describe("memory with embeddings", () => {
  it("finds notes by meaning", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    await month(world);
    const { results, mode, provider, model } = await world.search("puppy");
    assert.equal(results[0]?.path, "memory/2026-04-17.md");
    assert.deepEqual([mode, provider, model], ["hybrid", "one", "one"]);
  });

  it("computes an embedding once for a text, wherever it moves", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    await month(world);
    await world.memory.sync({ signal: NEVER });
    assert.equal(world.embedder.texts, 30);
    await rename(join(world.workspace, "memory", "2026-04-17.md"), join(world.workspace, "memory", "moved.md"));
    await world.write("memory/2026-04-01.md", "Something new.");
    await world.memory.sync({ signal: NEVER });
    assert.equal(world.embedder.texts, 31);
    assert.equal((await world.search("puppy")).results[0]?.path, "memory/moved.md");
  });

  it("answers with words while the provider is away, and goes on where it stopped", async (t) => {
    const world = await memoryWorld(t, {
      models: ["one"],
      search: (defaults) => ({ ...defaults, remote: { nonBatchConcurrency: 1 } }),
    });
    for (let n = 0; n < 100; n += 1)
      await world.write(`memory/${n}.md`, `note ${n} about the ${n === 7 ? "vehicle" : "weather"}`);
    world.embedder.broken.set("one", 2);
    const { embedded, pending, note } = await world.memory.sync({ signal: NEVER });
    assert.deepEqual([embedded, pending], [64, 36]);
    assert.match(note ?? "", /cannot be reached/);
    const status = await world.memory.status({ signal: NEVER });
    assert.match(status.embeddings.reason ?? "", /^embeddings disabled: one\/one: .*cannot be reached/);
    assert.deepEqual(await paths(world, "vehicle"), ["memory/7.md"]);

    const later = await world.again();
    const rest = await later.memory.sync({ signal: NEVER });
    assert.deepEqual([rest.embedded, rest.pending], [36, 0]);
    assert.equal((await later.search("automobile")).results[0]?.path, "memory/7.md");
  });

  it("asks the second provider when the first fails, and says why", async (t) => {
    const world = await memoryWorld(t, { models: ["one", "two"] });
    await month(world);
    world.embedder.broken.set("one", 0);
    const { results, provider, fallback } = await world.search("puppy");
    assert.equal(provider, "two");
    assert.equal(fallback?.from, "one");
    assert.match(fallback?.reason ?? "", /cannot be reached/);
    assert.equal(results[0]?.path, "memory/2026-04-17.md");
  });

  it("computes everything anew for another model and forgets the old", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    await month(world);
    await world.memory.sync({ signal: NEVER });
    const other = await world.again({ models: ["two"] });
    assert.equal((await other.search("puppy")).results[0]?.path, "memory/2026-04-17.md");
    assert.equal(other.embedder.texts, 31, "thirty notes and the question");
    assert.equal((await other.memory.status({ signal: NEVER })).embeddings.stored, 30);
  });

  it("is searched while another model takes over, and survives being killed in the middle of it", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    for (let n = 0; n < 200; n += 1)
      await world.write(`memory/${n}.md`, `note ${n} about the ${n === 7 ? "vehicle" : "weather"}`);
    await world.memory.sync({ signal: NEVER });
    const child = spawn(
      process.execPath,
      [
        "--conditions=openclaw-source",
        fileURLToPath(new URL("./_reindex.fixture.ts", import.meta.url)),
        world.path,
        "fingerprint of two",
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    assert.equal((await world.search("automobile")).results[0]?.path, "memory/7.md");
    child.kill("SIGKILL");
    assert.equal(await ended, "SIGKILL", "it was killed before it was done");
    assert.equal((await world.search("automobile")).results[0]?.path, "memory/7.md");
    const other = await world.again({ models: ["two"] });
    assert.equal((await other.search("automobile")).results[0]?.path, "memory/7.md");
    const { embeddings } = await other.memory.status({ signal: NEVER });
    assert.deepEqual([embeddings.stored, embeddings.pending], [200, 0]);
  });

  it("finds the same by short forms as by comparing all", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    const notes = Array.from(
      { length: 500 },
      (_, n) => `## Note ${n}\n${n === 321 ? "espresso" : `thing ${n}`}\n${"filler ".repeat(60)}`,
    );
    await world.write("memory/many.md", notes.join("\n\n"));
    const finest = await world.again({ rule: { tokens: 100, overlap: 0 } });
    const { results } = await finest.search("latte");
    assert.match(results[0]?.snippet ?? "", /espresso/);
    const { embeddings } = await finest.memory.status({ signal: NEVER });
    assert.ok(embeddings.stored > 400, `${embeddings.stored}`);
  });

  it("by words only, by meaning only", async (t) => {
    const world = await memoryWorld(t, {
      models: ["one"],
      search: (defaults) => ({
        ...defaults,
        query: { ...defaults.query, hybrid: { ...defaults.query.hybrid, enabled: false } },
      }),
    });
    await month(world);
    const { results, mode } = await world.search("puppy");
    assert.deepEqual([mode, results[0]?.path], ["vector", "memory/2026-04-17.md"]);
    const words = await world.again({
      search: (defaults) => ({
        ...defaults,
        query: { ...defaults.query, hybrid: { ...defaults.query.hybrid, vectorWeight: 0 } },
      }),
    });
    assert.deepEqual(await paths(words, "puppy"), []);
    assert.deepEqual(await paths(words, "hound"), ["memory/2026-04-17.md"]);
  });
});

describe("the thread of the index", () => {
  it("is begun by the first question and ends when there are no more", async (t) => {
    const world = await memoryWorld(t, { idleMs: 30 });
    assert.equal(world.host.isRunning, false);
    await world.search("anything");
    assert.equal(world.host.isRunning, true);
    await until(() => !world.host.isRunning);
    await world.write("memory/a.md", "alpha");
    assert.deepEqual(await paths(world, "alpha"), ["memory/a.md"]);
  });

  it("is replaced when it dies, and the question is answered all the same", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    await month(world);
    const search = world.search("puppy");
    await until(() => world.host.isRunning);
    await world.host.kill();
    assert.equal((await search).results[0]?.path, "memory/2026-04-17.md");
  });

  it("makes a damaged index, or one of another program, anew", async (t) => {
    const world = await memoryWorld(t);
    await world.write("memory/a.md", "alpha");
    await mkdir(join(world.path, ".."), { recursive: true });
    await writeFile(world.path, "this is no database at all, but long enough to look like a page of one".repeat(100));
    assert.deepEqual(await paths(world, "alpha"), ["memory/a.md"]);
    const names = await readdir(join(world.path, ".."));
    assert.ok(names.includes("main.sqlite.damaged"), names.join());
  });

  it("makes an index anew that somebody deleted while it was open", async (t) => {
    const world = await memoryWorld(t);
    await world.write("memory/a.md", "alpha");
    await world.search("alpha");
    for (const end of ["", "-wal", "-shm"]) await rm(`${world.path}${end}`, { force: true });
    assert.deepEqual(await paths(world, "alpha"), ["memory/a.md"]);
  });

  it("says what is wrong when there is nowhere to put the index", async (t) => {
    const world = await memoryWorld(t);
    await writeFile(join(world.workspace, "..", "memory"), "a file in the place of the folder");
    await assert.rejects(world.search("alpha"), { code: "MEMORY_UNAVAILABLE" });
    assert.match((await world.memory.status({ signal: NEVER })).error ?? "", /cannot be used/);
  });
});

describe("notes that are being written", () => {
  it("are found as they were last", async (t) => {
    const world = await memoryWorld(t, { models: ["one"] });
    const file = join(world.workspace, "memory", "log.md");
    await writeFile(file, "");
    const writing = (async () => {
      for (let n = 0; n < 200; n += 1) await appendFile(file, `entry number${n} of the log\n`);
    })();
    for (let n = 0; n < 10; n += 1) await world.search("log", { thorough: false });
    await writing;
    await until(async () => (await world.search("number199")).results.length > 0);
    const found = await world.search("number0 number100 number199", { maxResults: 20 });
    const lines = found.results.map(({ startLine, endLine }) => [startLine, endLine]);
    assert.ok(lines.every(([start, end]) => (start ?? 0) >= 1 && (end ?? 0) <= 200));
  });
});

describe("conversations", () => {
  it("are searched by what was said, and only that", async (t) => {
    const world = await memoryWorld(t, { sessions: true });
    await world.write(
      "../sessions/s1.jsonl",
      [
        JSON.stringify({ type: "session", version: 3, id: "s1" }) + "\n",
        line("user", "Where did we park the alpha?"),
        line("assistant", [
          { type: "thinking", thinking: "hidden zebra" },
          { type: "text", text: "In the alpha garage. [[reply_to_current]]" },
        ]),
        line("toolResult", "zebra of a tool"),
        line("assistant", "NO_REPLY"),
        line("user", "my key is sk-abcdefghijklmnopqrstuvwx123456"),
        "{ torn",
      ].join(""),
    );
    const [hit] = (await world.search("alpha")).results;
    assert.deepEqual(
      { ...hit, score: 1 },
      {
        path: "sessions/s1.jsonl",
        startLine: 2,
        endLine: 6,
        score: 1,
        source: "sessions",
        snippet: hit?.snippet,
      },
    );
    assert.match(
      hit?.snippet ?? "",
      /^User: Where did we park the alpha\?\nAssistant: In the alpha garage\.\nUser: my key is /,
    );
    assert.doesNotMatch(hit?.snippet ?? "", /abcdefghijklmnop|reply_to|NO_REPLY/);
    assert.deepEqual(await paths(world, "zebra"), []);
  });

  it("are read on from where they ended, also under the name they get when they are reset", async (t) => {
    const world = await memoryWorld(t, { sessions: true });
    await world.write("../sessions/s1.jsonl", line("user", "first alpha"));
    await world.search("alpha");
    const file = join(world.workspace, "..", "sessions", "s1.jsonl");
    await appendFile(file, line("user", "second beta"));
    assert.deepEqual(await paths(world, "beta"), ["sessions/s1.jsonl"]);
    await rename(file, `${file}.reset.2026-11-21T10-00-00.000Z`);
    assert.deepEqual(await paths(world, "alpha"), ["sessions/s1.jsonl"]);
    await rename(`${file}.reset.2026-11-21T10-00-00.000Z`, `${file}.deleted.2026-11-21T10-00-00.000Z`);
    assert.deepEqual(await paths(world, "alpha"), []);
  });

  it("that a compaction begins anew are noticed however little they hold, and what it laid aside stays found", async (t) => {
    const world = await memoryWorld(t, { sessions: true });
    const file = join(world.workspace, "..", "sessions", "s1.jsonl");
    await world.write("../sessions/s1.jsonl", line("user", `first alpha ${"and more ".repeat(40)}`));
    assert.deepEqual(await paths(world, "alpha"), ["sessions/s1.jsonl"]);
    const aside = "s1.jsonl.compacted.2026-11-21T10-00-00.000Z";
    await rename(file, join(world.workspace, "..", "sessions", aside));
    await world.write("../sessions/s1.jsonl", line("user", "second beta"));
    world.memory.touch();
    await until(async () => (await world.search("beta", { thorough: false })).results.length === 1);
    assert.deepEqual(await paths(world, "beta"), ["sessions/s1.jsonl"]);
    assert.deepEqual(await paths(world, "alpha"), [`sessions/${aside}`]);
  });

  it("wait until there is enough that is new", async (t) => {
    const world = await memoryWorld(t, { sessions: true });
    const file = join(world.workspace, "..", "sessions", "s1.jsonl");
    await world.write("../sessions/s1.jsonl", line("user", "alpha"));
    assert.deepEqual((await world.search("alpha", { thorough: false })).results, []);
    await appendFile(file, Array.from({ length: 50 }, (_, n) => line("user", `message ${n}`)).join(""));
    await until(async () => {
      world.memory.touch();
      return (await world.search("alpha", { thorough: false })).results.length === 1;
    });
  });
});

function line(role: string, content: unknown): string {
  return `${JSON.stringify({ type: "message", id: "x", parentId: null, message: { role, content } })}\n`;
}
