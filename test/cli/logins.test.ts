/** `openclaw models auth …` and `models status`, as a person uses them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import { COMMAND, makePlace } from "../harness/gateway.ts";

test("a login is pasted, ordered and seen, and its secret is shown nowhere", async (t) => {
  const model = await startModelServer({ api: "openai-completions", script: () => ({ text: ["OK"] }) });
  t.after(() => model.close());
  const place = await makePlace(model.url);
  const run = (line: string, input = "") => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...line.split(" ")], {
      env: place.env,
      input,
      encoding: "utf8",
    });
    assert.doesNotMatch(`${stdout}${stderr}`, /canary-of-the-token/);
    return { status, out: `${stdout}${stderr}` };
  };
  const stored = run("models auth paste-token --provider fake --profile-id work", " canary-of-\r\nthe-token-1 \n");
  assert.match(stored.out, /Stored fake:work for agent main/);
  const file = join(place.state, "agents", "main", "agent", "auth-profiles.json");
  const kept = JSON.parse(readFileSync(file, "utf8")) as { profiles: Record<string, unknown> };
  assert.deepEqual(kept.profiles["fake:work"], { type: "token", provider: "fake", token: "canary-of-the-token-1" });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(run("models auth order set --provider fake gone work").out, /no such login yet: fake:gone/);
  assert.match(run("models auth order get --provider fake").out, /fake:gone {2}missing\n {2}fake:work {2}next/);
  assert.match(run("models auth order clear --provider fake").out, /forgotten/);
  assert.match(run("models status").out, /fake:work {2}token, .*next/);
  assert.equal(run("models status --check").status, 0);
  assert.match(run("models auth paste-token --provider fake", "one two").out, /no token: it has a space inside/);
  assert.match(run("models auth setup-token --agent nobody", "x").out, /no agent "nobody"/);
});
