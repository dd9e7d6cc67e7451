import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeHome, type Home } from "./_run.ts";

const TOKEN = "a-token-that-nobody-guesses";

function write(home: Home, files: Readonly<Record<string, string>>): void {
  mkdirSync(home.state, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home.state, name), text, { mode: 0o600 });
}

async function stop(gateway: ReturnType<Home["start"]>): Promise<void> {
  gateway.process.kill("SIGTERM");
  await gateway.ended;
}

test("a gateway whose token is kept elsewhere serves the other commands, and tells nobody the token", async (t) => {
  const home = await makeHome(t);
  const ref = '{ source: "env", provider: "default", id: "KEPT" }';
  write(home, { "openclaw.json": `{ gateway: { mode: "local", auth: { mode: "token", token: ${ref} } } }` });
  const missing = await home.run("gateway");
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /gateway\.auth\.token: the secret env:default:KEPT cannot be had: .*KEPT is missing or empty/,
  );

  write(home, { ".env": `KEPT=${TOKEN}\n` });
  const gateway = home.start("gateway");
  await gateway.printed("listening on");
  assert.equal((await home.run("health")).code, 0);
  assert.deepEqual(JSON.parse((await home.run("gateway", "call", "secrets.reload")).stdout), {
    ok: true,
    warningCount: 0,
  });
  const told = await home.run("gateway", "call", "config.get");
  assert.match(told.stdout, /"id": "KEPT"/);
  assert.ok(!told.stdout.includes(TOKEN));
  write(home, { ".env": "KEPT=another-token-altogether\n" });
  assert.match((await home.run("health")).stderr, /token mismatch/);
  await stop(gateway);
});

test("a start with a file that broke since puts the last good one back, and one without says what is wrong", async (t) => {
  const home = await makeHome(t);
  const good = `{ gateway: { mode: "local", auth: { mode: "token", token: "${TOKEN}" } }, meta: { lastTouchedVersion: "2026.1.1" } }`;
  write(home, { "openclaw.json": "{ gateway: { mode: 'local' },, }" });
  const refused = await home.run("gateway");
  assert.match(refused.stderr, /not JSON5: invalid character ',' \(line 1, column 30\)/);

  write(home, { "openclaw.json": good });
  const first = home.start("gateway");
  await first.printed("listening on");
  await stop(first);
  for (const broken of ["{ gateway: { mode: 'local' },, }", "{ gateway: {}, meta: {} }"]) {
    write(home, { "openclaw.json": broken });
    const again = home.start("gateway");
    await again.printed("listening on");
    await stop(again);
    assert.equal(readFileSync(home.config, "utf8"), good);
  }
  assert.equal(readdirSync(home.state).filter((name) => name.includes(".clobbered.")).length, 2);
});

test("a gateway rewrites keys of an older version and finds the sessions of an older version", async (t) => {
  const home = await makeHome(t);
  const old = `{
  // mine
  gateway: { mode: "local", auth: { mode: "token", token: "${TOKEN}" } },
  routing: { groupChat: { mentionPatterns: ["@me"] } },
}
`;
  write(home, { "openclaw.json": old });
  mkdirSync(join(home.state, "sessions"));
  writeFileSync(join(home.state, "sessions", "old.jsonl"), "");
  const gateway = home.start("gateway");
  const said = await gateway.printed("listening on");
  assert.match(said, /migrated routing\.groupChat\.mentionPatterns → messages\.groupChat\.mentionPatterns/);
  assert.match(said, /moved sessions → agents\/main\/sessions \(1 file\)/);
  await stop(gateway);
  assert.match(readFileSync(home.config, "utf8"), /^\{\n {2}\/\/ mine\n {2}gateway: \{ mode: "local"/);
  assert.equal(readFileSync(`${home.config}.bak`, "utf8"), old);
  assert.ok(readdirSync(join(home.state, "agents", "main", "sessions")).includes("old.jsonl"));
});

test("a change of an included file reaches a running gateway, and a broken one changes nothing", async (t) => {
  const home = await makeHome(t);
  write(home, {
    "openclaw.json": `{ gateway: { mode: "local", auth: { mode: "token", token: "${TOKEN}" } }, messages: { $include: "messages.json5" } }`,
    "messages.json5": "{ responsePrefix: 'one' }",
  });
  const gateway = home.start("gateway");
  await gateway.printed("listening on");
  const prefix = async () => {
    const { runtimeConfig } = JSON.parse((await home.run("gateway", "call", "config.get")).stdout);
    return runtimeConfig.messages.responsePrefix as unknown;
  };
  assert.equal(await prefix(), "one");
  write(home, { "messages.json5": "{ responsePrefix: 'two' }" });
  await gateway.printed("configuration reloaded");
  assert.equal(await prefix(), "two");
  write(home, { "messages.json5": "{ responsePrefix: " });
  assert.match(await gateway.printed("messages.json5, line 1"), /the previous one stays in force|not JSON5/);
  assert.equal(await prefix(), "two");
  await stop(gateway);
});
