/** Disks that are full, folders that cannot be written, files that something else has spoilt. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { DatabaseSync } from "node:sqlite";
import type { Place } from "../harness/gateway.ts";
import {
  ask,
  command,
  configPath,
  history,
  lastAsked,
  open,
  refusal,
  textOf,
  transcriptOf,
  until,
  wholeLines,
  works,
} from "./_bad.ts";
import type { World } from "./_bad.ts";

const database = (place: Place): string => join(place.state, "openclaw.sqlite");

/** A gateway whose state directory is a file system of 3 MB; undefined, with a reason, where this user may not mount. */
async function onSmallDisk(t: TestContext): Promise<World | undefined> {
  let undo: (() => void) | undefined;
  const world = await open(t, { prepare: (place) => (undo = smallDisk(place)) });
  if (undo !== undefined) return world;
  t.skip("this user may not mount a small disk");
  return undefined;
}

function smallDisk(place: Place): (() => void) | undefined {
  const config = readFileSync(configPath(place));
  const options = ["-t", "tmpfs", "-o", "size=3m,mode=0700", "openclaw-test", place.state];
  if (spawnSync("mount", options).status !== 0) return undefined;
  writeFileSync(configPath(place), config, { mode: 0o600 });
  return () => void spawnSync("umount", ["-l", place.state]);
}

/** Fills the disk of the state directory; the returned function frees it. */
function fill(place: Place): () => void {
  const ballast = join(place.state, "ballast");
  spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k"]);
  return () => rmSync(ballast);
}

test("on a full disk a message is refused with what to do, and goes through once there is room", async (t) => {
  const world = await onSmallDisk(t);
  if (world === undefined) return;
  await works(world, "before");
  const free = fill(world.place);
  const before = readFileSync(transcriptOf(world.place));

  const refused = await refusal(ask(world.client, "refused"));
  assert.equal(refused.details?.["code"], "DISK_FULL");
  const { code, stderr } = await command(world.place, ["agent", "--message", "refused too"]);
  assert.equal(code, 1);
  assert.ok(stderr.includes(`There is no room left on the disk of ${database(world.place)}.`), stderr);
  assert.ok(stderr.includes("Free some space; what was refused can then be sent again."), stderr);
  assert.equal(((await world.client.request("health")) as { ok: boolean }).ok, true);
  assert.deepEqual(readFileSync(transcriptOf(world.place)), before);

  free();
  await works(world, "after");
  assert.deepEqual((await history(world.client)).map(textOf), [
    "before",
    "answer to before",
    "after",
    "answer to after",
  ]);
  assert.equal(wholeLines(world.place).length, 5);
});

test("a disk that fills up during a turn ends it with a sentence, nothing is half written, and the conversation goes on", async (t) => {
  const world = await onSmallDisk(t);
  if (world === undefined) return;
  await works(world, "before");
  let free = () => {};
  world.script = (request) => {
    if (!lastAsked(request).includes("a long one")) return undefined;
    free = fill(world.place);
    return { text: ["long ".repeat(40_000)] };
  };
  const shown: string[] = [];
  world.client.on("chat", (payload) => {
    const { state, errorMessage } = payload as { state: string; errorMessage?: string };
    if (state === "error") shown.push(errorMessage ?? "");
  });
  const sentence = `The transcript ${transcriptOf(world.place)} could not be written (ENOSPC: no space left on device, write).`;
  const advice =
    "Free some disk space or make the file writable, then send the message again; nothing was half written.";

  const { message } = await refusal(ask(world.client, "a long one"));
  assert.equal(message, `${sentence} ${advice}`);
  assert.deepEqual(shown, [message], "the page is told as well");
  assert.equal(wholeLines(world.place).length, 4, "header, two of the first turn, the question");

  free();
  await works(world, "after");
  await until("the failed turn is recorded", () => turnStates(world.place).join() === "done,done,failed");
  await world.restart("kill");
  await works(world, "and now");
  assert.deepEqual((await history(world.client)).filter(({ role }) => role === "user").map(textOf), [
    "before",
    "a long one",
    "after",
    "and now",
  ]);
});

test("a turn whose end could not be recorded before a crash is taken up again", async (t) => {
  const world = await onSmallDisk(t);
  if (world === undefined) return;
  let free = () => {};
  world.script = (request) => {
    if (!lastAsked(request).includes("a long one") || world.model.requests.length > 1) return undefined;
    free = fill(world.place);
    return { text: ["long ".repeat(40_000)] };
  };
  await refusal(ask(world.client, "a long one"));
  await world.gateway.kill();
  free();
  await world.restart("kill");
  await until("it is answered", async () =>
    (await history(world.client)).some((each) => textOf(each) === "answer to a long one"),
  );
  assert.deepEqual((await history(world.client)).map(textOf), ["a long one", "answer to a long one"]);
});

test("files that may not grow during a turn end it with a sentence, and the conversation goes on when they may again", async (t) => {
  const world = await open(t);
  if (!limitFiles(world, 4096)) return t.skip("this user may not limit a process with prlimit");
  limitFiles(world, "unlimited");
  await works(world, "before");
  world.script = (request) => {
    if (!lastAsked(request).includes("a long one")) return undefined;
    limitFiles(world, 4096);
    return { text: ["long ".repeat(40_000)] };
  };
  const told = new Promise<string>((resolve) =>
    world.client.on("chat", (payload) => {
      const { state, errorMessage } = payload as { state: string; errorMessage?: string };
      if (state === "error") resolve(errorMessage ?? "");
    }),
  );
  const { message } = await refusal(ask(world.client, "a long one"));
  assert.match(message, /^The transcript .+ could not be written \(EFBIG: file too large, write\)\. /);
  assert.equal(await told, message, "the page is told as well");
  assert.match(
    (await refusal(ask(world.client, "refused"))).message,
    /cannot be opened or written \(disk I\/O error\)\.$/,
  );
  assert.equal(wholeLines(world.place).length, 4, "header, two of the first turn, the question");

  limitFiles(world, "unlimited");
  await works(world, "after");
  await until("the failed turn is recorded", () => turnStates(world.place).join() === "done,done,failed");
  await world.restart("kill");
  await works(world, "and now");
});

/** Limits the size of files that the gateway may write; false where that is not possible. */
function limitFiles(world: World, bytes: number | "unlimited"): boolean {
  return spawnSync("prlimit", ["--pid", String(world.gateway.pid), `--fsize=${bytes}:unlimited`]).status === 0;
}

function turnStates(place: Place): string[] {
  const rows = new DatabaseSync(database(place), { readOnly: true });
  try {
    return rows
      .prepare("SELECT state FROM turns ORDER BY state")
      .all()
      .map((row) => String(row["state"]));
  } finally {
    rows.close();
  }
}

for (const [what, at] of [
  ["below a file", (place: Place) => join(place.home, "gateway-notes.txt", "state")],
  ["where nobody can make folders", () => "/proc/openclaw-state"],
] as const) {
  test(`a state directory ${what} is named and nothing starts`, async (t) => {
    const world = await open(t);
    await world.gateway.stop();
    writeFileSync(join(world.place.home, "gateway-notes.txt"), "notes");
    const state = at(world.place);
    const env = { OPENCLAW_STATE_DIR: state, OPENCLAW_CONFIG_PATH: configPath(world.place) };
    const { code, stdout, stderr } = await command(world.place, ["gateway", "run"], { env });
    assert.equal(code, 1, stdout + stderr);
    assert.ok(stderr.includes(state), stderr);
    assert.match(stderr, /choose another (?:one )?with OPENCLAW_STATE_DIR/);
    assert.doesNotMatch(stderr, /\n\s+at /, "no stack is shown");
    await world.restart("stop");
    await works(world);
  });
}

test("a workspace that cannot be made is named, and the gateway lives on", async (t) => {
  const world = await open(t, {
    prepare: ({ home }) => (writeFileSync(join(home, "workspace"), "a file where the folder should be"), undefined),
  });
  const workspace = join(world.place.home, "workspace");
  const { message } = await refusal(ask(world.client, "hello?"));
  assert.match(
    message,
    new RegExp(`^The agent cannot use its workspace ${workspace}: .+\\. Give this user write access`),
  );
  assert.equal(readFileSync(workspace, "utf8"), "a file where the folder should be");
  rmSync(workspace);
  await works(world);
});

/** A gateway whose workspace is a file system of its own, of 1 MB. */
async function onSmallWorkspace(t: TestContext): Promise<World | undefined> {
  let isMounted = false;
  const world = await open(t, {
    prepare: ({ home }) => {
      const workspace = join(home, "workspace");
      mkdirSync(workspace);
      isMounted =
        spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0700", "openclaw-test", workspace]).status === 0;
      return () => void spawnSync("umount", ["-l", workspace]);
    },
  });
  if (isMounted) return world;
  t.skip("this user may not mount a small disk");
  return undefined;
}

/** The model answers `write: <text>` by writing it to `note.md`, then says what came of it. */
function writesNotes(world: World): void {
  world.script = (request) => {
    const content = /^write: (.*)$/s.exec(lastAsked(request))?.[1];
    const { role, content: told } = (request.body["messages"] as { role: string; content: unknown }[]).at(-1)!;
    if (content === undefined) return undefined;
    if (role === "tool") return { text: [JSON.stringify(told)] };
    const args = JSON.stringify({ path: "note.md", content });
    return { calls: [{ id: `call_${world.model.requests.length}`, name: "write", arguments: args }] };
  };
}

test("a workspace on a full disk: the agent is told, the note stays as it was, and the conversation goes on", async (t) => {
  const world = await onSmallWorkspace(t);
  if (world === undefined) return;
  writesNotes(world);
  const note = join(world.place.home, "workspace", "note.md");
  assert.match(await ask(world.client, "write: short"), /Wrote the new file/);
  spawnSync("dd", ["if=/dev/zero", `of=${join(world.place.home, "workspace", "ballast")}`, "bs=4k"]);
  const told = await ask(world.client, `write: ${"long ".repeat(10_000)}`);
  assert.match(told, /the disk is full/);
  assert.doesNotMatch(told, /Wrote/);
  assert.equal(readFileSync(note, "utf8"), "short");
  assert.deepEqual(
    readdirSync(join(world.place.home, "workspace")).filter((name) => name.includes(".tmp")),
    [],
    "nothing half written is left",
  );
  await works(world, "after");
  await world.restart("stop");
  await works(world, "and now");
  rmSync(join(world.place.home, "workspace", "ballast"));
  assert.match(await ask(world.client, "write: again"), /[Rr]eplaced|[Ww]rote/);
});

test("a workspace that nobody may write to: the agent answers, and is told when it wants to write", async (t) => {
  const world = await onSmallWorkspace(t);
  if (world === undefined) return;
  writesNotes(world);
  await works(world, "before");
  const workspace = join(world.place.home, "workspace");
  assert.equal(spawnSync("mount", ["-o", "remount,ro", workspace]).status, 0);
  assert.match(await ask(world.client, "write: anything"), /read-only/i);
  await works(world, "after");
  await world.restart("stop");
  await works(world, "and now");
  assert.equal(spawnSync("mount", ["-o", "remount,rw", workspace]).status, 0);
  assert.match(await ask(world.client, "write: at last"), /Wrote/);
});

test("an empty workspace that nobody may write to is named once, in words that help, or does no harm", async (t) => {
  const world = await onSmallWorkspace(t);
  if (world === undefined) return;
  const workspace = join(world.place.home, "workspace");
  assert.equal(spawnSync("mount", ["-o", "remount,ro", workspace]).status, 0);
  const said = await ask(world.client, "hello").catch((error: unknown) => (error as Error).message);
  t.diagnostic(said);
  assert.match(said, /answer to hello|cannot use its workspace .+read-only/);
  assert.equal(spawnSync("mount", ["-o", "remount,rw", workspace]).status, 0);
  await works(world);
});

test("a database of a newer version is refused and left as it is", async (t) => {
  const world = await open(t);
  await works(world, "before");
  await world.gateway.stop();
  change(world.place, "INSERT INTO schema_migrations (id, applied_at) VALUES ('9999-from-the-future', 1)");
  const bytes = readFileSync(database(world.place));
  const { code, stderr } = await command(world.place, ["gateway", "run"]);
  assert.equal(code, 1);
  assert.ok(
    stderr.includes(
      `The database ${database(world.place)} was written by a newer version of OpenClaw (it has 9999-from-the-future,`,
    ),
    stderr,
  );
  assert.ok(stderr.includes("Start that newer version again"), stderr);
  assert.deepEqual(readFileSync(database(world.place)), bytes);

  change(world.place, "DELETE FROM schema_migrations WHERE id = '9999-from-the-future'");
  await world.restart("stop");
  await works(world, "after");
  assert.equal((await history(world.client)).length, 4);
});

function change(place: Place, sql: string): void {
  const opened = new DatabaseSync(database(place));
  opened.exec(sql);
  opened.close();
}

test("a database with spoilt pages is refused and left as it is; put back, the conversation goes on", async (t) => {
  const world = await open(t);
  await works(world, "before");
  await world.gateway.stop();
  const good = readFileSync(database(world.place));
  const spoilt = Buffer.from(good).fill(0xaa, 2000, 40_000);
  writeFileSync(database(world.place), spoilt);
  const { code, stderr } = await command(world.place, ["gateway", "run"]);
  assert.equal(code, 1);
  assert.ok(stderr.includes("is damaged or no database at all (database disk image is malformed)"), stderr);
  assert.deepEqual(readFileSync(database(world.place)), spoilt);
  writeFileSync(database(world.place), good);
  await world.restart("stop");
  await works(world, "after");
  assert.equal((await history(world.client)).length, 4);
});

test("a database that is none is refused and left as it is; moved away, the gateway starts and keeps the transcripts", async (t) => {
  const world = await open(t);
  await works(world, "before");
  await world.gateway.stop();
  const transcript = readFileSync(transcriptOf(world.place));
  const rubbish = "this is no database. ".repeat(1000);
  writeFileSync(database(world.place), rubbish);
  const { code, stderr } = await command(world.place, ["gateway", "run"]);
  assert.equal(code, 1);
  assert.ok(stderr.includes(`The database ${database(world.place)} is damaged or no database at all`), stderr);
  assert.match(stderr, /put back a backup of .*, or move it away together with its -wal and -shm files/);
  assert.equal(readFileSync(database(world.place), "utf8"), rubbish);

  for (const end of ["", "-wal", "-shm"]) rmSync(`${database(world.place)}${end}`, { force: true });
  await world.restart("stop");
  await works(world, "after");
  assert.ok(readFileSync(transcriptOf(world.place)).subarray(0, transcript.length).equals(transcript));
});

test("spoilt lines of a transcript cost only themselves", async (t) => {
  const world = await open(t);
  await works(world, "first");
  await works(world, "second");
  await world.gateway.stop();
  const path = transcriptOf(world.place);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  lines.splice(3, 0, '{"type":"message","id":"zz', "\u0000\u0001 rubbish", "[]", "null");
  writeFileSync(path, `${lines.join("\n")}\n`);
  const torn = '{"type":"message","id":"abc","message":{"role":"assist';
  appendFileSync(path, torn);

  await world.restart("stop");
  assert.deepEqual((await history(world.client)).map(textOf), [
    "first",
    "answer to first",
    "second",
    "answer to second",
  ]);
  await works(world, "third");
  assert.deepEqual((await history(world.client)).map(textOf).slice(-2), ["third", "answer to third"]);
  const asked = world.model.requests.at(-1)?.raw ?? "";
  assert.ok(
    ["first", "second", "third"].every((text) => asked.includes(text)),
    "the model sees everything that is whole",
  );
  const folder = join(world.place.state, "agents/main/sessions");
  const aside = readdirSync(folder).filter((name) => name.includes(".torn."));
  assert.equal(aside.length, 1);
  assert.equal(readFileSync(join(folder, aside[0] ?? ""), "utf8"), torn, "what was torn is kept");
  assert.ok(!readFileSync(path, "utf8").includes(torn));
});
