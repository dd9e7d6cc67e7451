import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test, type TestContext } from "node:test";
import { until } from "../harness/until.ts";
import { createSpawn } from "../../packages/openclaw/src/base/spawn.ts";
import { Client, newDevice, type Frame, type Say } from "./_client.ts";
import { openGateway, TOKEN, type Setup, type TestGateway } from "./_gateway.ts";

const serve = { auth: { mode: "token", token: TOKEN }, tailscale: { mode: "serve" } };
const fromServe = (login = "ana@example.com", address = "100.101.102.103") => ({
  "X-Forwarded-For": address,
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "claw.tail0000.ts.net",
  "Tailscale-User-Login": login,
});

/** A FAKE tailscale that knows one address, and writes down what it is asked. */
async function fakeTailscale(
  t: TestContext,
  body = "",
): Promise<Pick<Setup, "env" | "spawn"> & { asked(): Promise<string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), "fake-tailscale-"));
  const asked = join(folder, "asked");
  const program = join(folder, "tailscale");
  await writeFile(
    program,
    `#!/bin/sh
echo "$*" >> '${asked}'
${body}
case "$*" in
  "whois --json 100.101.102.103") echo '{"UserProfile":{"LoginName":"ana@example.com"}}' ;;
  "whois "*) echo "no peer" >&2; exit 1 ;;
  "status --json") echo '{"Self":{"DNSName":"claw.tail0000.ts.net."}}' ;;
esac
`,
  );
  await chmod(program, 0o755);
  const spawn = createSpawn();
  t.after(async () => {
    await spawn.killAll(0);
    await rm(folder, { recursive: true, force: true });
  });
  return {
    env: { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` },
    spawn,
    asked: async () => (await readFile(asked, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
  };
}

async function ask(
  gateway: TestGateway,
  headers: Record<string, string>,
  say: Say = { device: newDevice(), auth: {} },
) {
  const client = new Client(gateway.url, { headers });
  const answer = await client.connect(say);
  client.close();
  return answer;
}

const codeOf = (frame: Frame) => frame.error?.details?.["code"];

test("whom Tailscale confirms needs no token, and is paired by the owner all the same", async (t) => {
  const { asked, ...fake } = await fakeTailscale(t);
  const gateway = await openGateway(t, { gateway: serve, ...fake });
  const device = newDevice();
  const answer = await ask(gateway, fromServe(), { device, auth: {} });
  assert.deepEqual([codeOf(answer), answer.error?.details?.["reason"]], ["PAIRING_REQUIRED", "not-paired"]);
  const [request] = await gateway.devices.requests();
  const { Pairing } = await import("../../packages/openclaw/src/gateway/_service-tokens.ts");
  if (request !== undefined) await (await gateway.use(Pairing)).approve(request);
  const paired = await ask(gateway, fromServe(), { device, auth: {} });
  assert.equal(paired.payload?.auth.method, "tailscale");
  const questions = (await asked()).filter((line) => line.startsWith("whois"));
  assert.deepEqual(questions, ["whois --json 100.101.102.103"], "the second answer was remembered");
});

test("configured scopes of a user whom Tailscale names are added, also where unlisted proxies are refused", async (t) => {
  const { asked: _, ...fake } = await fakeTailscale(t);
  const identityScopes = { "ana@example.com": ["operator.approvals"] };
  const listed = { strictProxyAttribution: true, trustedProxies: ["127.0.0.1"] };
  const gateway = await openGateway(t, {
    gateway: { ...serve, ...listed, auth: { ...serve.auth, identityScopes } },
    ...fake,
  });
  const device = newDevice();
  const say = { device, auth: {}, scopes: ["operator.approvals"] };
  await ask(gateway, fromServe(), say);
  const [request] = await gateway.devices.requests();
  assert.deepEqual([request?.scopes, request?.remoteIp], [[], "100.101.102.103"]);
  const { Pairing } = await import("../../packages/openclaw/src/gateway/_service-tokens.ts");
  if (request !== undefined) await (await gateway.use(Pairing)).approve(request);
  const answer = await ask(gateway, fromServe(), say);
  assert.deepEqual([answer.payload?.auth.method, answer.payload?.auth.scopes], ["tailscale", ["operator.approvals"]]);
});

test("headers that nobody confirms let nobody in", async (t) => {
  const { asked: _, ...fake } = await fakeTailscale(t);
  const gateway = await openGateway(t, { gateway: serve, ...fake });
  const forged: Record<string, string>[] = [
    fromServe("eve@example.com"),
    fromServe("ana@example.com", "100.66.66.66"),
    fromServe("ana@example.com", "127.0.0.1"),
    { "Tailscale-User-Login": "ana@example.com" },
    { ...fromServe(), "X-Forwarded-Proto": "" },
    { ...fromServe(), "X-Forwarded-Host": "" },
  ];
  for (const headers of forged) {
    const answer = await ask(gateway, headers);
    assert.equal(codeOf(answer), "AUTH_TOKEN_MISSING", JSON.stringify(headers));
  }
  assert.equal(codeOf(await ask(gateway, fromServe("ANA@example.com"))), "PAIRING_REQUIRED", "case does not matter");
});

test("the identity counts only where it is allowed", async (t) => {
  const { asked, ...fake } = await fakeTailscale(t);
  const code = async (gateway: Record<string, unknown>) =>
    codeOf(await ask(await openGateway(t, { gateway, ...fake }), fromServe()));
  assert.equal(await code({ auth: { mode: "token", token: TOKEN } }), "AUTH_TOKEN_MISSING", "serve is off");
  assert.equal(await code({ ...serve, auth: { ...serve.auth, allowTailscale: false } }), "AUTH_TOKEN_MISSING");
  const password = { mode: "password", password: "x" };
  assert.equal(await code({ ...serve, auth: password }), "AUTH_PASSWORD_MISSING");
  assert.ok(!(await asked()).some((line) => line.startsWith("whois")));
  assert.equal(await code({ ...serve, auth: { ...password, allowTailscale: true } }), "PAIRING_REQUIRED");
});

test("a daemon that hangs holds up its own client, and not for long", { timeout: 30_000 }, async (t) => {
  const { asked: _, ...fake } = await fakeTailscale(t, "sleep 60");
  const gateway = await openGateway(t, { gateway: serve, ...fake });
  const hanging = ask(gateway, fromServe());
  assert.ok((await ask(gateway, {}, { device: newDevice() })).ok, "others get in meanwhile");
  assert.equal(codeOf(await hanging), "AUTH_TOKEN_MISSING");
});

test("many requests for one address are one question", async (t) => {
  const { asked, ...fake } = await fakeTailscale(t);
  const gateway = await openGateway(t, { gateway: serve, ...fake });
  await Promise.all(Array.from({ length: 8 }, () => ask(gateway, fromServe("eve@example.com"))));
  assert.equal((await asked()).filter((line) => line.startsWith("whois")).length, 1);
});

for (const [mode, auth] of [
  ["serve", { mode: "token", token: TOKEN }],
  ["funnel", { mode: "password", password: "a-long-password" }],
] as const) {
  test(`tailscale ${mode} publishes the port, and takes that back at the end where it is wanted`, async (t) => {
    for (const resetOnExit of [true, false]) {
      const { asked, ...fake } = await fakeTailscale(t);
      const gateway = await openGateway(t, { gateway: { auth, tailscale: { mode, resetOnExit } }, ...fake });
      await until(async () => (await asked()).includes(`${mode} --bg --yes ${gateway.port}`));
      await until(async () => gateway.logged().includes("https://claw.tail0000.ts.net/"));
      await gateway.stop();
      assert.equal((await asked()).includes(`${mode} reset`), resetOnExit);
    }
  });
}

test("a gateway that is stopped while it is being published takes that back too", async (t) => {
  const { asked, ...fake } = await fakeTailscale(t, 'case "$*" in "serve --bg"*) sleep 1 ;; esac');
  const tailscale = { mode: "serve", resetOnExit: true };
  const gateway = await openGateway(t, { gateway: { auth: serve.auth, tailscale }, ...fake });
  await until(async () => (await asked()).includes(`serve --bg --yes ${gateway.port}`));
  await gateway.stop();
  assert.equal((await asked()).at(-1), "serve reset");
});

test("a Tailscale that is not there costs the publication, not the gateway", async (t) => {
  const gateway = await openGateway(t, { gateway: serve, env: { PATH: "/nowhere" }, spawn: createSpawn() });
  await until(async () => gateway.logged().includes("is not published by tailscale serve"));
  assert.ok((await ask(gateway, {}, { device: newDevice() })).ok);
});

test("the flags of the command line stand before the configuration", async (t) => {
  const { asked, ...fake } = await fakeTailscale(t);
  const gateway = await openGateway(t, {
    gateway: { auth: serve.auth },
    options: { tailscale: "serve", tailscaleResetOnExit: true },
    ...fake,
  });
  await until(async () => (await asked()).includes(`serve --bg --yes ${gateway.port}`));
  await gateway.stop();
  assert.ok((await asked()).includes("serve reset"));
});
