import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { desk, stable, whole } from "./desk.fixture.ts";

test("the first turn after a reset is told the newest daily notes, oldest first, and no other turn is", async (t) => {
  const it = await desk(t, { agents: { defaults: { userTimezone: "UTC" } } });
  await it.file("memory/2026-06-15.md", "bought tea");
  await it.file("memory/2026-06-14.md", "bought a kettle");
  await it.file("memory/2026-06-13.md", "moved in");
  const { preamble = "" } = await it.prompt({ fresh: "new" });
  assert.match(preamble, /memory\/2026-06-14\.md:\nbought a kettle\n\nmemory\/2026-06-15\.md:\nbought tea$/);
  assert.doesNotMatch(preamble, /moved in/);
  assert.equal((await it.prompt()).preamble, undefined);
  assert.equal((await it.prompt({ fresh: "reset", isMain: false })).preamble, undefined);
});

test("notes are cut to their ends, file by file and together", async (t) => {
  const startupContext = { maxFileChars: 100, maxTotalChars: 150 };
  const it = await desk(t, { agents: { defaults: { userTimezone: "UTC", startupContext } } });
  const day = (word: string) => Array.from({ length: 3000 }, (_, at) => `${word} ${at}`).join("\n");
  await it.file("memory/2026-06-15.md", day("today"));
  await it.file("memory/2026-06-14.md", day("yesterday"));
  const { preamble = "" } = await it.prompt({ fresh: "new" });
  assert.match(preamble, /today 2999$/);
  assert.match(preamble, /yesterday 2999\n/);
  assert.ok(preamble.length < 600, `${preamble.length}`);
});

test("no notes are told when they are off, for the other command, or where a link leads out", async (t) => {
  const off = await desk(t, { agents: { defaults: { startupContext: { enabled: false } } } });
  await off.file("memory/2026-06-15.md", "bought tea");
  assert.equal((await off.prompt({ fresh: "new" })).preamble, undefined);
  const one = await desk(t, { agents: { defaults: { userTimezone: "UTC", startupContext: { applyOn: ["reset"] } } } });
  await one.file("memory/2026-06-15.md", "bought tea");
  assert.equal((await one.prompt({ fresh: "new" })).preamble, undefined);
  assert.match((await one.prompt({ fresh: "reset" })).preamble ?? "", /bought tea/);
  await one.file("memory/2026-06-14.md", "x");
  await symlink(join(off.workspace, "memory/2026-06-15.md"), join(one.workspace, "memory/2026-06-13.md"));
  one.now -= 2 * 86_400_000;
  assert.equal((await one.prompt({ fresh: "reset" })).preamble, undefined);
});

test("models that run here are told the ritual with the message too, as long as it is to be done", async (t) => {
  const it = await desk(t);
  await it.file("BOOTSTRAP.md", "Ask for a name.");
  assert.match(whole(await it.prompt()), /Ask for a name\./);
  assert.equal((await it.prompt()).preamble, undefined);
  assert.match((await it.prompt({ localModel: true })).preamble ?? "", /Ask for a name\.$/);
  await it.file("BOOTSTRAP.md", "");
  assert.equal((await it.prompt({ localModel: true })).preamble, undefined);
});

test("that a file was cut is said once, and always in the context itself where that is wanted", async (t) => {
  const bootstrapMaxChars = 1000;
  const once = await desk(t, { agents: { defaults: { bootstrapMaxChars } } });
  await once.file("AGENTS.md", "x".repeat(5000));
  assert.match((await once.prompt()).preamble ?? "", /^\(Shortened here: AGENTS\.md/);
  assert.equal((await once.prompt()).preamble, undefined);
  await once.file("AGENTS.md", "x".repeat(6000));
  assert.match((await once.prompt()).preamble ?? "", /of 6000/);

  const always = await desk(t, {
    agents: { defaults: { bootstrapMaxChars, bootstrapPromptTruncationWarning: "always" } },
  });
  await always.file("AGENTS.md", "x".repeat(5000));
  for (let turn = 0; turn < 2; turn += 1) {
    const prompt = await always.prompt();
    assert.match(stable(prompt), /Shortened here: AGENTS\.md/);
    assert.equal(prompt.preamble, undefined);
  }
  const off = await desk(t, { agents: { defaults: { bootstrapMaxChars, bootstrapPromptTruncationWarning: "off" } } });
  await off.file("AGENTS.md", "x".repeat(5000));
  assert.equal((await off.prompt()).preamble, undefined);
  assert.doesNotMatch(whole(await off.prompt()), /Shortened here/);
});
