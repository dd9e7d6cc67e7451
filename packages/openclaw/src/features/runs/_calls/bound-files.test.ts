import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { boundFiles } from "./bound-files.ts";

async function folder(t: TestContext) {
  const cwd = await mkdtemp(join(tmpdir(), "bound-"));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const of = async (...argv: string[]) =>
    Object.keys((await boundFiles({ argv, cwd }, cwd)) ?? {}).map((path) => path.slice(cwd.length + 1));
  return { cwd, of };
}

test("the scripts that a command names are bound, with or without a shell, through links too", async (t) => {
  const { cwd, of } = await folder(t);
  await writeFile(join(cwd, "deploy.sh"), "echo 1");
  await writeFile(join(cwd, "tool"), "echo 2");
  await chmod(join(cwd, "tool"), 0o755);
  await symlink(join(cwd, "deploy.sh"), join(cwd, "link"));
  assert.deepEqual(await of("bash", "deploy.sh", "--flag"), ["deploy.sh"]);
  assert.deepEqual(await of("sh", "-c", "cd x && ./tool | bash deploy.sh"), ["tool", "deploy.sh"]);
  assert.deepEqual(await of("bash", "link"), ["deploy.sh"]);
  assert.deepEqual(await of("bash", "~/deploy.sh"), ["deploy.sh"]);
});

test("data and what is not there are not bound: a log may grow while somebody reads the question", async (t) => {
  const { cwd, of } = await folder(t);
  await writeFile(join(cwd, "app.log"), "line");
  assert.deepEqual(await of("tail", "app.log"), []);
  assert.deepEqual(await of("bash", "missing.sh", cwd, "/dev/null", "a\0b"), []);
});

test("a change of a script is a change of the digest, and nothing else is", async (t) => {
  const { cwd } = await folder(t);
  const exact = { argv: ["bash", "deploy.sh"], cwd };
  await writeFile(join(cwd, "deploy.sh"), "echo 1");
  const before = await boundFiles(exact, cwd);
  await writeFile(join(cwd, "deploy.sh"), "echo 1");
  assert.deepEqual(await boundFiles(exact, cwd), before);
  await writeFile(join(cwd, "deploy.sh"), "echo 2");
  assert.notDeepEqual(await boundFiles(exact, cwd), before);
});

test("what is no command has nothing to bind", async () => {
  assert.equal(await boundFiles({ path: "/x" }, "/"), undefined);
});
