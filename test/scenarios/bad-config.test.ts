/** Configurations and surroundings with which the gateway must not start, and what the person is told. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { makePlace, start } from "../harness/gateway.ts";
import type { Place } from "../harness/gateway.ts";
import { command, configPath, writeConfig } from "./_bad.ts";

/** No model is asked: nothing listens there. */
async function quietPlace(t: TestContext): Promise<Place> {
  const place = await makePlace("http://127.0.0.1:9/v1");
  t.after(() => place.end());
  return place;
}

interface Case {
  readonly title: string;
  readonly text: (port: number) => string;
  /** What stderr says below the line that names the file. */
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const CASES: readonly Case[] = [
  {
    title: "broken JSON5 is named with line and column",
    text: (port) => `{\n  gateway: { mode: "local", port: ${port} },\n  agents: { defaults: { workspace "~" } },\n}\n`,
    says: /^<root>: not JSON5: .*\(line 3, column 35\)$/m,
    remedy: /Correct the line that is named; the file is JSON5\./,
  },
  {
    title: "an unknown key is named with its line and the nearest known one",
    text: (port) => `{\n  gateway: {\n    mode: "local",\n    prot: ${port},\n  },\n}\n`,
    says: /^gateway\.prot: .*\(line 4, column \d+\)$/m,
    remedy: /did you mean "?(?:gateway\.)?port"?\?/i,
  },
  {
    title: "a value of the wrong type is named with its line",
    text: () => `{\n  gateway: {\n    mode: "local",\n    port: "many",\n  },\n}\n`,
    says: /^gateway\.port: .*\(line 4, column \d+\)$/m,
    remedy: /expected .*(?:number|integer).* got text/,
  },
  {
    title: "a variable that is not set is named",
    text: (port) =>
      `{\n  gateway: { mode: "local", port: ${port}, auth: { mode: "token", token: "\${NOBODY_SET_THIS}" } },\n}\n`,
    says: /^gateway\.auth\.token: the environment variable NOBODY_SET_THIS is missing or empty \(line 2, column \d+\)$/m,
    remedy: /Set the variable in the environment or in the \.env file of the state directory/,
  },
];

for (const { title, text, says, remedy } of CASES) {
  test(`${title}, and the gateway does not start`, async (t) => {
    const place = await quietPlace(t);
    const good = readFileSync(configPath(place), "utf8");
    const bad = text(place.port);
    writeConfig(place, bad);
    for (const args of [
      ["gateway", "run"],
      ["config", "validate"],
    ]) {
      const { code, stdout, stderr } = await command(place, args);
      assert.equal(code, 1, stdout + stderr);
      const said = stdout + stderr;
      assert.ok(said.includes(configPath(place)), said);
      assert.match(said, says);
      assert.match(said, remedy);
      assert.doesNotMatch(said, /\n\s+at |Error:/, "no stack is shown");
    }
    assert.equal(readFileSync(configPath(place), "utf8"), bad, "the file is left as it was");
    assert.ok(!existsSync(join(place.state, "openclaw.sqlite")), "nothing was made");

    writeConfig(place, good);
    const running = await start(place);
    assert.equal(((await running.client.request("health")) as { ok: boolean }).ok, true);
    await running.stop();
  });
}

test("the variable that was missing lets the gateway start once it is set", async (t) => {
  const place = await quietPlace(t);
  writeConfig(
    place,
    readFileSync(configPath(place), "utf8").replace("test-token-0123456789abcdef", "${NOBODY_SET_THIS}"),
  );
  writeFileSync(join(place.state, ".env"), "NOBODY_SET_THIS=test-token-0123456789abcdef\n", { mode: 0o600 });
  const running = await start(place);
  await running.stop();
});

test("a port that is in use is named, by another program as by another gateway, and the first goes on", async (t) => {
  const place = await quietPlace(t);
  const stranger = createServer().listen(place.port, "127.0.0.1");
  await new Promise((resolve) => stranger.once("listening", resolve));
  const refused = await command(place, ["gateway", "run"]);
  stranger.close();
  assert.equal(refused.code, 1);
  assert.ok(
    refused.stderr.includes(`another gateway instance is already listening on ws://127.0.0.1:${place.port}`),
    refused.stderr,
  );
  assert.ok(refused.stderr.includes(`Stop whatever uses port ${place.port}`), refused.stderr);

  const first = await start(place);
  const second = await command(place, ["gateway", "run"]);
  assert.equal(second.code, 1);
  assert.ok(second.stderr.includes(`(pid ${first.pid})`), second.stderr);
  assert.equal(((await first.client.request("health")) as { ok: boolean }).ok, true);
  await first.stop();
});
