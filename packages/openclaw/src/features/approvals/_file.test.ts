import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { unprivileged } from "../../base/unprivileged.fixture.ts";
import { approvalsFile } from "./_file.ts";

async function world(t: TestContext) {
  const state = await mkdtemp(join(tmpdir(), "approvals-"));
  t.after(() => rm(state, { recursive: true, force: true }));
  const paths = { home: state, state, config: join(state, "openclaw.json") };
  const platform = { clock: systemClock, random: systemRandom, paths };
  const path = join(state, "exec-approvals.json");
  return { file: approvalsFile(platform), again: () => approvalsFile(platform), path };
}

const read = async (path: string) => JSON.parse(await readFile(path, "utf8"));

test("no file says nothing; the first one needs no hash, every later one does", async (t) => {
  const { file, path } = await world(t);
  const none = await file.read();
  assert.deepEqual([none.exists, none.file], [false, { version: 1 }]);
  const first = await file.set({ version: 1, defaults: { security: "allowlist" } }, undefined);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await assert.rejects(file.set({ version: 1 }, undefined), /exec approvals base hash required/);
  await assert.rejects(file.set({ version: 1 }, none.hash), /exec approvals changed since last load/);
  const second = await file.set({ version: 1 }, first.hash);
  assert.notEqual(second.hash, first.hash);
});

test("what is not understood is refused, and what is not known is kept", async (t) => {
  const { file, path } = await world(t);
  for (const bad of [
    {},
    { version: 2 },
    { version: 1, defaults: { security: "yes" } },
    "text",
    null,
    { version: 1, agents: { a: { allowlist: [{}] } } },
  ])
    await assert.rejects(file.set(bad, undefined), { code: "EXEC_APPROVALS_INVALID" }, JSON.stringify(bad));
  await file.set({ version: 1, later: { key: 1 } }, undefined);
  await file.allow("main", { pattern: "/usr/bin/git" });
  assert.deepEqual((await read(path)).later, { key: 1 });
});

test("a damaged file denies, is not edited, and can be replaced whole", async (t) => {
  const { file, path } = await world(t);
  await writeFile(path, "{ not json");
  const state = await file.read();
  assert.deepEqual([state.exists, state.file], [true, "damaged"]);
  await assert.rejects(file.allow("main", { pattern: "/x" }), { code: "EXEC_APPROVALS_DAMAGED" });
  assert.equal(await readFile(path, "utf8"), "{ not json");
  await file.set({ version: 1 }, state.hash);
  assert.deepEqual(await read(path), { version: 1 });
});

test("clients that never saw the socket's token do not lose it", async (t) => {
  const { file, path } = await world(t);
  const first = await file.set({ version: 1, socket: { path: "/s", token: "hidden" } }, undefined);
  await file.set({ version: 1, socket: { path: "/s" } }, first.hash);
  assert.equal((await read(path)).socket.token, "hidden");
});

test("an agent's own list begins with what counted for it before; the older name of main goes on", async (t) => {
  const { file, path } = await world(t);
  const all = { security: "allowlist", allowlist: [{ pattern: "/usr/bin/git" }] };
  await file.set({ version: 1, agents: { "*": all } }, undefined);
  assert.equal(await file.allow("work", { pattern: "/usr/bin/make" }), true);
  assert.equal(await file.allow("work", { pattern: "/usr/bin/make" }), false);
  const { agents } = await read(path);
  assert.deepEqual(agents["*"], all);
  assert.equal(agents.work.security, "allowlist");
  assert.deepEqual(
    agents.work.allowlist.map((entry: { pattern: string }) => entry.pattern),
    ["/usr/bin/git", "/usr/bin/make"],
  );
  assert.equal(await file.disallow("work", "/usr/bin/git"), true);
  assert.equal(await file.disallow("work", "/usr/bin/git"), false);
  await writeFile(path, JSON.stringify({ version: 1, agents: { default: { allowlist: [{ pattern: "/a" }] } } }));
  await file.allow("main", { pattern: "/b" });
  const migrated = (await read(path)).agents;
  assert.deepEqual(Object.keys(migrated), ["main"]);
  assert.deepEqual(
    migrated.main.allowlist.map((entry: { pattern: string }) => entry.pattern),
    ["/a", "/b"],
  );
});

test("use is noted where the entry stands, at most once a minute", async (t) => {
  const { file, path } = await world(t);
  await file.set(
    { version: 1, agents: { "*": { allowlist: [{ pattern: "/usr/bin/*" }, { pattern: "/x" }] } } },
    undefined,
  );
  const command = { program: "git", resolved: "/usr/bin/git", text: "git status" };
  await file.used("main", command);
  const [used, other] = (await read(path)).agents["*"].allowlist;
  assert.deepEqual([used.lastUsedCommand, used.lastResolvedPath], ["git status", "/usr/bin/git"]);
  assert.equal(other.lastUsedAt, undefined);
  await file.used("main", { ...command, text: "git log" });
  assert.equal((await read(path)).agents["*"].allowlist[0].lastUsedCommand, "git status");
  assert.deepEqual(Object.keys((await read(path)).agents), ["*"]);
});

test("several writers lose nothing", async (t) => {
  const { again, path } = await world(t);
  const writers = [again(), again(), again()];
  await Promise.all(
    writers.flatMap((writer, w) =>
      Array.from({ length: 10 }, (_, i) => writer.allow("main", { pattern: `/bin/${w}/${i}` })),
    ),
  );
  assert.equal((await read(path)).agents.main.allowlist.length, 30);
});

test(
  "a folder that cannot be written is said, and noting a use never fails",
  { skip: process.platform === "win32" && "modes mean nothing there" },
  async (t) => {
    unprivileged(t);
    const { file, path } = await world(t);
    await file.set({ version: 1, agents: { main: { allowlist: [{ pattern: "/usr/bin/git" }] } } }, undefined);
    const folder = join(path, "..");
    await chmod(folder, 0o500);
    try {
      await assert.rejects(file.allow("main", { pattern: "/x" }), { code: "EXEC_APPROVALS_UNWRITABLE" });
      await file.used("main", { program: "git", resolved: "/usr/bin/git", text: "git" });
    } finally {
      await chmod(folder, 0o700);
    }
  },
);
