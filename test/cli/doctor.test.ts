import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeHome, type Home } from "./_run.ts";

function write(home: Home, text: string, mode = 0o600): void {
  mkdirSync(home.state, { recursive: true, mode: 0o700 });
  writeFileSync(home.config, text);
  chmodSync(home.config, mode);
}

const UNKNOWN = `{
  // mine
  gateway: { mode: "local", prot: 1 },
  agents: { list: [{ id: "main", nope: 2 }] },
}
`;

test("doctor lists what config validate lists, writes nothing, and fails while the configuration is invalid", async (t) => {
  const home = await makeHome(t);
  write(home, UNKNOWN, 0o644);
  const { code, stdout } = await home.run("doctor");
  assert.equal(code, 1);
  assert.match(stdout, /^error gateway\.prot: unknown key "prot" \(did you mean "port"\?\) \(line 3, column \d+\)$/m);
  assert.match(stdout, /agents\.list\[0\]\.nope: .*\n {6}Run: openclaw doctor --fix\n/);
  assert.match(stdout, /^warn {2}Others .*openclaw\.json \(mode 0644\)/m);
  assert.match(stdout, /^info {2}No database yet/m);
  assert.match(stdout, /Doctor complete\.\n$/);
  assert.equal(readFileSync(home.config, "utf8"), UNKNOWN);
  assert.equal(statSync(home.config).mode & 0o777, 0o644);
});

test("doctor --fix takes unknown keys and foreign readers away and keeps the file of before", async (t) => {
  const home = await makeHome(t);
  write(home, UNKNOWN, 0o644);
  chmodSync(home.state, 0o755);
  const { code, stdout } = await home.run("doctor", "--fix", "--non-interactive");
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^removed gateway\.prot\nremoved agents\.list\[0\]\.nope\n/);
  assert.match(stdout, /^ok {4}Config valid: /m);
  assert.ok(readFileSync(home.config, "utf8").startsWith('{\n  // mine\n  gateway: { mode: "local"'));
  const kept = [".bak", ".bak.1"].map((suffix) => readFileSync(`${home.config}${suffix}`, "utf8"));
  assert.ok(kept.includes(UNKNOWN), "two repairs wrote the file: the one of before is the older copy");
  assert.deepEqual([statSync(home.config).mode & 0o777, statSync(home.state).mode & 0o777], [0o600, 0o700]);
});

test("doctor --fix says what it cannot mend and still removes what it can", async (t) => {
  const home = await makeHome(t);
  write(home, '{ gateway: { port: "many", prot: 1 } }');
  const { code, stdout } = await home.run("doctor", "--fix");
  assert.equal(code, 1);
  assert.match(stdout, /^removed gateway\.prot$/m);
  assert.match(stdout, /^error gateway\.port: expected a whole number.*\n {6}Correct what is named by hand/m);
  write(home, "{ broken");
  const syntax = await home.run("doctor", "--fix");
  assert.equal(syntax.code, 1);
  assert.match(syntax.stdout, /^error .*not JSON5.*\n {6}Correct the line that is named/m);
  assert.equal(readFileSync(home.config, "utf8"), "{ broken");
});

test("a configuration that cannot be read is reported once", async (t) => {
  const home = await makeHome(t);
  mkdirSync(home.config, { recursive: true, mode: 0o700 });
  const { code, stdout } = await home.run("doctor", "--fix");
  assert.equal(code, 1);
  assert.equal(stdout.match(/^error .*cannot be read: it is a folder/gm)?.length, 1, stdout);
});

test("doctor names a database that cannot be opened, and a model without a key", async (t) => {
  const home = await makeHome(t);
  write(home, '{ agents: { defaults: { model: { primary: "anthropic/claude-opus-4-5" } } } }');
  writeFileSync(join(home.state, "openclaw.sqlite"), "this is no database, whatever it is called".repeat(100));
  const { code, stdout } = await home.run("doctor");
  assert.equal(code, 0);
  assert.match(stdout, /^error The database .* is damaged or no database at all/m);
  assert.match(
    stdout,
    /^error Agent main cannot use anthropic\/claude-opus-4-5: No API key.*\n {6}Set ANTHROPIC_API_KEY/m,
  );
  write(
    home,
    '{ env: { ANTHROPIC_API_KEY: "sk-x" }, agents: { defaults: { model: { primary: "anthropic/claude-opus-4-5" } } } }',
  );
  assert.match((await home.run("doctor")).stdout, /^ok {4}Agent main uses anthropic\/claude-opus-4-5\.$/m);
});

test("beside a running gateway doctor finds everything well", async (t) => {
  const home = await makeHome(t);
  await home.start("start").printed("Ctrl-C");
  const { code, stdout } = await home.run("doctor");
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^ok {4}The gateway answers \\(pid \\d+, port ${home.port}\\)\\.$`, "m"));
  assert.match(stdout, /^ok {4}The database .* opens/m);
  assert.match(stdout, /^ok {4}No message was given up\.$/m);
  assert.match(stdout, /^info {2}Agent main uses the built-in offline model.*\n {6}Set a key/m);
  assert.doesNotMatch(stdout, /^(?:warn|error)/m);
});

test("doctor --fix makes a gateway token where there is none, and keeps the one there is", async (t) => {
  const home = await makeHome(t);
  write(home, '{ gateway: { mode: "local" } }');
  assert.match((await home.run("doctor")).stdout, /^warn {2}There is no gateway token/m);
  const fixed = await home.run("doctor", "--fix");
  assert.match(fixed.stdout, /made a gateway token in gateway\.auth\.token/);
  const text = readFileSync(home.config, "utf8");
  assert.match(text, /"?token"?: "[\w-]{32,}"/);
  assert.doesNotMatch(fixed.stdout, new RegExp(/token"?: "([\w-]+)"/.exec(text)?.[1] ?? "none"));
  assert.doesNotMatch((await home.run("doctor", "--fix")).stdout, /made a gateway token/);
  assert.equal(readFileSync(home.config, "utf8"), text);
});

test("doctor --generate-gateway-token writes another token, but never over a reference", async (t) => {
  const home = await makeHome(t);
  write(home, '{ gateway: { mode: "local", auth: { token: "short" } } }');
  assert.match((await home.run("doctor")).stdout, /^warn {2}The gateway token is shorter than 16 characters/m);
  const made = await home.run("doctor", "--generate-gateway-token");
  assert.match(made.stdout, /^Wrote a new token to gateway\.auth\.token\. Restart the gateway to apply\.$/m);
  assert.doesNotMatch(readFileSync(home.config, "utf8"), /short/);
  const reference = '{ gateway: { mode: "local", auth: { token: { source: "env", provider: "default", id: "GW" } } } }';
  write(home, reference);
  const refused = await home.run("doctor", "--generate-gateway-token");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /kept elsewhere/);
  assert.equal(readFileSync(home.config, "utf8"), reference);
});

test("doctor --fix leaves a token alone that is kept elsewhere, also when it cannot be had now", async (t) => {
  const home = await makeHome(t);
  const reference = '{ gateway: { mode: "local", auth: { token: { source: "env", provider: "default", id: "GW" } } } }';
  write(home, reference);
  const { stdout } = await home.run("doctor", "--fix");
  assert.match(stdout, /^error gateway\.auth\.token: the secret env:default:GW cannot be had/m);
  assert.doesNotMatch(stdout, /There is no gateway token/);
  assert.equal(readFileSync(home.config, "utf8"), reference);
});

test("keys of an older version stop other commands, and doctor --fix rewrites them", async (t) => {
  const home = await makeHome(t);
  const old = `{
  telegram: { enabled: false }, // old place
  agent: { model: "anthropic/claude-opus-4-5" },
  gateway: { mode: "local" }, // mine
}
`;
  write(home, old);
  const refused = await home.run("agents", "list");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /telegram: is now channels\.telegram \(line 2, column 3\)/);
  assert.match(refused.stderr, /openclaw doctor --fix/);
  const listed = await home.run("doctor");
  assert.equal(listed.code, 1);
  assert.match(listed.stdout, /^info {2}agent\.model: is now agents\.defaults\.model/m);
  assert.match(listed.stdout, /^error telegram: is now channels\.telegram/m);
  const fixed = await home.run("doctor", "--fix");
  assert.equal(fixed.code, 0, fixed.stdout);
  assert.match(fixed.stdout, /^telegram → channels\.telegram\nagent\.model → agents\.defaults\.model\n/);
  assert.match(readFileSync(home.config, "utf8"), /gateway: \{ mode: "local".* \/\/ mine/s);
  const kept = [".bak", ".bak.1"].map((suffix) => readFileSync(`${home.config}${suffix}`, "utf8"));
  assert.ok(kept.includes(old), "a token was made as well: the file of before is the older copy");
  assert.equal((await home.run("agents", "list")).code, 0);
});

test("doctor names secrets that are missing, readable includes, a link, a newer writer and old folders", async (t) => {
  const home = await makeHome(t);
  write(
    home,
    `{
  gateway: { mode: "local", auth: { mode: "token", token: { source: "env", provider: "default", id: "NOT_THERE" } } },
  agents: { $include: "agents.json5" },
  meta: { lastTouchedVersion: "9999.1.1" },
}`,
  );
  writeFileSync(join(home.state, "agents.json5"), "{}");
  chmodSync(join(home.state, "agents.json5"), 0o644);
  renameSync(home.config, `${home.config}.real`);
  symlinkSync(`${home.config}.real`, home.config);
  mkdirSync(join(home.state, "sessions"));
  writeFileSync(join(home.state, "sessions", "a.jsonl"), "");
  const { stdout } = await home.run("doctor");
  assert.match(stdout, /^error gateway\.auth\.token: the secret env:default:NOT_THERE cannot be had/m);
  assert.match(stdout, /^warn {2}Others .*included .*agents\.json5 \(mode 0644\)/m);
  assert.match(stdout, /^warn {2}.*openclaw\.json is a link/m);
  assert.match(stdout, /^warn {2}The configuration was written by OpenClaw 9999\.1\.1/m);
  assert.match(stdout, /^warn {2}To be moved: sessions → agents\/main\/sessions \(1 file\)/m);
  const fine = await home.runWith({ env: { NOT_THERE: "a-long-enough-token" } }, "doctor");
  assert.match(fine.stdout, /^ok {4}Secrets that the configuration refers to: 1 there\./m);
});

test("only the commands that help with a broken configuration run with one", async (t) => {
  const home = await makeHome(t);
  write(home, UNKNOWN);
  const { cli } = await import("../../packages/openclaw/src/generated/cli.ts");
  const helps =
    /^(?:doctor|logs|health|status|help|service|gateway(?: (?:run|status|probe|health|discover|call))?|config (?:file|schema|validate|get)|backup|security audit|secrets audit|crestodian|completion|start)$/;
  assert.deepEqual(
    cli
      .filter(({ diagnostic }) => diagnostic === true)
      .map(({ name }) => name)
      .filter((name) => !helps.test(name)),
    [],
  );
  const refused = await home.run("config", "set", "gateway.port", "5");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^Invalid config at .*:\ngateway\.prot: .*\n.*\nRun: openclaw doctor --fix\n$/);
});

test("an older version does not take over what a newer one set up", async (t) => {
  const home = await makeHome(t);
  write(home, '{ gateway: { mode: "local" }, meta: { lastTouchedVersion: "9999.1.1" } }');
  const { code, stderr } = await home.run("gateway", "--force");
  assert.equal(code, 1);
  assert.match(stderr, /written by OpenClaw 9999\.1\.1.*gateway --force is refused/);
  assert.match(stderr, /gateway install --force/);
  const reading = await home.run("agents", "list");
  assert.equal(reading.code, 0);
  assert.match(reading.stderr, /newer than this one/);
});

test("doctor --fix writes into a section's own file, and leaves other included files to their owner", async (t) => {
  const home = await makeHome(t);
  write(home, '{ gateway: { $include: "g.json5" }, agents: { list: { $include: ["a.json5"] } }, nope: 1 }');
  writeFileSync(join(home.state, "g.json5"), '{ mode: "local", prot: 1 } // theirs\n');
  writeFileSync(join(home.state, "a.json5"), '[{ id: "a", nmae: 1 }]\n');
  const { code, stdout } = await home.run("doctor", "--fix");
  assert.equal(code, 1);
  assert.match(stdout, /^removed nope$/m);
  assert.match(stdout, /^removed gateway\.prot$/m);
  assert.match(stdout, /^error agents\.list\[0\]\.nmae: .*a\.json5, line 1.*\n {6}Correct what is named by hand/m);
  assert.equal(readFileSync(join(home.state, "a.json5"), "utf8"), '[{ id: "a", nmae: 1 }]\n');
  assert.match(readFileSync(join(home.state, "g.json5"), "utf8"), /mode.*\/\/ theirs/s);
});
