import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { connect, pinnedWebSocket } from "../../packages/openclaw/src/client/index.ts";
import { openGateway, TOKEN } from "../gateway/_gateway.ts";
import { makeHome } from "./_run.ts";

const tls = { enabled: true, autoGenerate: true };
const auth = { mode: "token", token: TOKEN };

/** Ends with the test at the latest: one that is left goes on trying for ever. */
async function connection(t: TestContext, url: string, fingerprint: string) {
  const client = connect({
    url,
    token: TOKEN,
    WebSocket: await pinnedWebSocket(fingerprint),
    client: { id: "cli", mode: "cli", version: "1", platform: "linux" },
    scopes: ["operator.read"],
    reconnect: true,
  });
  t.after(() => client.close());
  return client;
}

test("a pinned client talks to that certificate, however the pin is written, and to no other", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth, tls } });
  const pin = gateway.tlsFingerprint ?? "";
  for (const written of [pin, pin.toLowerCase(), pin.replaceAll(":", ""), `sha256:${pin}`]) {
    const client = await connection(t, gateway.url, written);
    await client.ready();
    assert.ok(await client.request("health"));
    client.close();
  }
  const other = await connection(t, gateway.url, "ab".repeat(32));
  await assert.rejects(other.ready(), { code: "TLS_FINGERPRINT_MISMATCH" });
  assert.equal(other.state.phase, "closed", "it does not try again");
  await assert.rejects(pinnedWebSocket("ab:cd"), { code: "TLS_FINGERPRINT_INVALID" });
});

test("the certificate is compared before anything is sent", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth, tls } });
  const other = await connection(t, gateway.url, "ab".repeat(32));
  await other.ready().catch(() => undefined);
  assert.doesNotMatch(gateway.logged(), /refused a connection/);
  assert.deepEqual(await gateway.devices.list(), []);
});

test("commands trust this machine's own certificate, and another's by its fingerprint only", async (t) => {
  const home = await makeHome(t);
  await mkdir(home.state, { recursive: true });
  await writeFile(home.config, JSON.stringify({ gateway: { mode: "local", port: home.port, auth, tls } }));
  const running = home.start("gateway", "run");
  const printed = await running.printed("certificate SHA-256");
  assert.match(printed, new RegExp(`listening on wss://127\\.0\\.0\\.1:${home.port}`));
  const fingerprint = /certificate SHA-256 ([0-9A-F:]{95})/.exec(printed)?.[1] ?? "";

  const own = await home.run("health", "--json");
  assert.deepEqual([own.code, JSON.parse(own.stdout).ok], [0, true], own.stderr);
  assert.equal((await home.run("gateway", "probe")).code, 0);
  assert.match((await home.run("dashboard", "--no-open")).stdout, /^https:/);

  const away = await makeHome(t);
  const ask = (...args: readonly string[]) =>
    away.run("health", "--json", "--url", `wss://127.0.0.1:${home.port}`, "--token", TOKEN, ...args);
  assert.equal((await ask("--tls-fingerprint", fingerprint)).code, 0);
  const wrong = await ask("--tls-fingerprint", "ab".repeat(32));
  assert.equal(wrong.code, 1);
  assert.match(wrong.stdout, /TLS_FINGERPRINT_MISMATCH/);
  const unknown = await ask();
  assert.equal(unknown.code, 1);
  assert.match(unknown.stdout, /TLS_UNTRUSTED/);

  await mkdir(away.state, { recursive: true });
  const remote = {
    url: `wss://127.0.0.1:${home.port}`,
    transport: "direct",
    token: TOKEN,
    tlsFingerprint: fingerprint,
  };
  await writeFile(away.config, JSON.stringify({ gateway: { mode: "remote", remote } }));
  const configured = await away.runWith({ env: { OPENCLAW_GATEWAY_PORT: "" } }, "health", "--json");
  assert.equal(configured.code, 0, configured.stderr);
});
