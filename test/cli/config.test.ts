/** The commands that write the configuration, as a shell runs them. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { makeHome, type Home } from "./_run.ts";

function write(home: Home, text: string): void {
  mkdirSync(home.state, { recursive: true });
  writeFileSync(home.config, text);
}

test("a patch comes from standard input", async (t) => {
  const home = await makeHome(t);
  write(home, "// mine\n{ gateway: { mode: 'local', port: 5 } }\n");
  const { code, stdout } = await home.runWith(
    { input: "{ gateway: { port: 6 }, logging: { level: 'debug' } }" },
    "config",
    "patch",
    "--stdin",
  );
  assert.deepEqual([code, stdout], [0, "Updated gateway.port. Restart the gateway to apply.\nUpdated logging.\n"]);
  assert.match(readFileSync(home.config, "utf8"), /^\/\/ mine\n\{ gateway: \{ mode: 'local', port: 6 \}/);
});

test("flags that are given several times and flags with dashes arrive as they should", async (t) => {
  const home = await makeHome(t);
  const words =
    "config set secrets.providers.v --provider-source exec --provider-command /bin/v " +
    "--provider-arg a --provider-arg b --provider-no-output-timeout-ms 9";
  const { code, stdout } = await home.run(...words.split(" "));
  assert.deepEqual([code, stdout], [0, "Updated secrets.providers.v. Restart the gateway to apply.\n"]);
  assert.deepEqual(JSON.parse(readFileSync(home.config, "utf8")).secrets.providers.v, {
    source: "exec",
    command: "/bin/v",
    args: ["a", "b"],
    noOutputTimeoutMs: 9,
  });
  const wrong = await home.run("config", "set", "secrets.providers.v", "--provider-source", "magic");
  assert.equal(wrong.code, 1);
});

test("a dry run that would be refused exits with 1 and writes nothing", async (t) => {
  const home = await makeHome(t);
  write(home, "{}");
  const { code, stdout } = await home.run(
    "config",
    "set",
    "--batch-json",
    '[{ "path": "gateway.prot", "value": 1 }]',
    "--dry-run",
    "--json",
  );
  assert.equal(code, 1);
  const { ok, errors } = JSON.parse(stdout) as { ok: boolean; errors: { kind: string }[] };
  assert.deepEqual([ok, errors[0]?.kind, readFileSync(home.config, "utf8")], [false, "schema", "{}"]);
});
