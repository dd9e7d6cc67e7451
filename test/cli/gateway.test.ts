import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { makeHome } from "./_run.ts";

test("openclaw start sets up, runs, prints the link, serves the other commands, and ends with Ctrl-C", async (t) => {
  const home = await makeHome(t);
  const gateway = home.start("start");
  const greeting = await gateway.printed("Ctrl-C");
  const { gateway: written } = JSON.parse(readFileSync(home.config, "utf8"));
  assert.equal(written.mode, "local");
  assert.ok(greeting.includes(`http://127.0.0.1:${home.port}/#token=${written.auth.token}`), greeting);
  assert.match(greeting, /Model\s+\S/);
  assert.equal(statSync(home.state).mode & 0o777, 0o700);

  const health = JSON.parse((await home.run("health", "--json")).stdout);
  assert.equal(health.ok, true);
  const status = JSON.parse((await home.run("status", "--json")).stdout);
  assert.deepEqual([status.gateway.reachable, status.gateway.error, status.agents.defaultId], [true, null, "main"]);

  const answer = await home.run("agent", "--message", "what time is it?", "--session-key", "work", "--json");
  assert.equal(answer.code, 0, answer.stderr);
  const document = JSON.parse(answer.stdout);
  assert.equal(document.status, "ok");
  assert.ok(document.result.payloads[0].text.length > 0);
  const { sessionId } = document.result.meta.agentMeta;
  const again = await home.run("agent", "-m", "hello", "--session-id", sessionId, "--json");
  assert.equal(JSON.parse(again.stdout).result.meta.agentMeta.sessionId, sessionId);
  assert.match((await home.run("agent", "-m", "hello", "--session-id", "nope")).stderr, /no session with the id nope/);

  const sessions = JSON.parse((await home.run("sessions", "--json")).stdout);
  assert.deepEqual(
    sessions.sessions.map((session: { key: string }) => session.key),
    ["agent:main:work"],
  );
  assert.equal(
    JSON.parse((await home.run("gateway", "call", "config.get")).stdout).config.gateway.auth.token,
    "__OPENCLAW_REDACTED__",
  );
  assert.match((await home.run("gateway", "call", "nope")).stderr, /unknown method: nope/);
  assert.match((await home.run("gateway", "probe")).stdout, /Reachable: yes/);
  assert.match(
    (await home.run("status", "--url", `ws://127.0.0.1:${home.port}`, "--token", "wrong")).stdout,
    /misconfigured: unauthorized[^]*Next: .*token/,
  );

  const moved = await home.runWith({ env: { OPENCLAW_GATEWAY_PORT: "1" } }, "gateway", "status", "--no-probe");
  assert.ok(moved.stdout.includes(`port=${home.port} (the gateway that runs; OPENCLAW_GATEWAY_PORT: 1)`), moved.stdout);

  const second = await home.run("gateway");
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    new RegExp(
      `another gateway instance is already listening on ws://127\\.0\\.0\\.1:${home.port}[^]*openclaw --profile <name> setup`,
    ),
  );

  gateway.process.kill("SIGINT");
  const { code } = await gateway.ended;
  assert.equal(code, 0);
  assert.equal((await home.run("health")).code, 1);
});

test("logs --follow shows what is added and ends with Ctrl-C without an error", async (t) => {
  const home = await makeHome(t);
  const gateway = home.start("start");
  await gateway.printed("Ctrl-C");
  await home.run("status", "--url", `ws://127.0.0.1:${home.port}`, "--token", "first");
  const logs = home.start("logs", "--follow", "--interval", "100", "--json");
  await logs.printed('"type":"meta"');
  await home.run("status", "--url", `ws://127.0.0.1:${home.port}`, "--token", "second");
  const printed = await logs.printed("refused a connection");
  assert.ok(
    printed
      .split("\n")
      .filter(Boolean)
      .every((line) => typeof JSON.parse(line).type === "string"),
    printed,
  );
  logs.process.kill("SIGINT");
  assert.equal((await logs.ended).code, 0);
});
