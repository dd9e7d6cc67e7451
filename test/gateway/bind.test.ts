import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { test } from "node:test";
import { login, newDevice, Client } from "./_client.ts";
import { openGateway, TOKEN, type Setup } from "./_gateway.ts";

const auth = { mode: "token", token: TOKEN };
/** 127.0.0.2 stands for an address of this machine that is not loopback to the product's rules of binding. */
const own = { all: ["127.0.0.1", "127.0.0.2"], tailnet: ["127.0.0.2"], outward: [] };

function listensOn(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcp({ port, host });
    socket.on("connect", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });
}

/** Where a gateway with this setup listens, of two addresses of this machine. */
async function openOn(t: Parameters<typeof openGateway>[0], setup: Setup): Promise<string[]> {
  const gateway = await openGateway(t, { own, ...setup });
  const found: string[] = [];
  for (const host of ["127.0.0.1", "127.0.0.2"]) if (await listensOn(gateway.port, host)) found.push(host);
  await gateway.stop();
  return found;
}

const BINDS: Readonly<Record<string, [Setup, string[]]>> = {
  "nothing is said": [{ gateway: { auth } }, ["127.0.0.1"]],
  loopback: [{ gateway: { auth, bind: "loopback" } }, ["127.0.0.1"]],
  "auto where there is a loopback": [{ gateway: { auth, bind: "auto" } }, ["127.0.0.1"]],
  "auto without a secret": [{ gateway: { bind: "auto", auth: { mode: "none" } } }, ["127.0.0.1"]],
  lan: [{ gateway: { auth, bind: "lan" } }, ["127.0.0.1", "127.0.0.2"]],
  "tailnet: that address and no other": [{ gateway: { auth, bind: "tailnet" } }, ["127.0.0.2"]],
  custom: [{ gateway: { auth, bind: "custom", customBindHost: "127.0.0.2" } }, ["127.0.0.2"]],
  "the flag before the configuration": [
    { gateway: { auth, bind: "lan" }, options: { bind: "loopback" } },
    ["127.0.0.1"],
  ],
  "the variable where nothing else says": [
    { gateway: { auth }, env: { OPENCLAW_GATEWAY_BIND: "tailnet" } },
    ["127.0.0.2"],
  ],
  "the configuration before the variable": [
    { gateway: { auth, bind: "loopback" }, env: { OPENCLAW_GATEWAY_BIND: "lan" } },
    ["127.0.0.1"],
  ],
  "a variable that names no bind": [{ gateway: { auth }, env: { OPENCLAW_GATEWAY_BIND: "0.0.0.0" } }, ["127.0.0.1"]],
};
for (const [what, [setup, hosts]] of Object.entries(BINDS)) {
  test(`where the port is open: ${what}`, async (t) => {
    assert.deepEqual(await openOn(t, setup), hosts);
  });
}

test("without a tailnet address bind tailnet refuses to start instead of opening anything else", async (t) => {
  const none = { all: ["127.0.0.1"], tailnet: [], outward: [] };
  await assert.rejects(openGateway(t, { gateway: { auth, bind: "tailnet" }, own: none }), {
    code: "GATEWAY_NO_TAILNET",
    message: /no tailnet address/,
  });
});

test("a custom address that this machine does not have is named, and nothing is left behind", async (t) => {
  const gateway = { auth, bind: "custom", customBindHost: "203.0.113.77" };
  await assert.rejects(openGateway(t, { gateway }), { code: "GATEWAY_BIND_FAILED", message: /203\.0\.113\.77/ });
});

test("the flag of the port stands before the variable, and that before the configuration", async (t) => {
  const probe = await openGateway(t);
  const [free] = [probe.port];
  await probe.stop();
  const byVariable = await openGateway(t, {
    gateway: { auth, port: 1 },
    env: { OPENCLAW_GATEWAY_PORT: String(free) },
    options: { port: undefined as never },
  });
  assert.equal(byVariable.port, free);
  await byVariable.stop();
  const byFlag = await openGateway(t, {
    gateway: { auth, port: 1 },
    env: { OPENCLAW_GATEWAY_PORT: "2" },
    options: { port: free },
  });
  assert.equal(byFlag.port, free);
});

test("a connection over this machine's own tailnet address is one of this machine", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth, bind: "tailnet" }, own });
  assert.match(gateway.url, /^ws:\/\/127\.0\.0\.2:/);
  const client = await login(gateway.url, { device: newDevice() });
  client.close();
  assert.equal((await gateway.devices.list())[0]?.approvedVia, "silent");
});

test("an open bind without a secret listens on nothing", async (t) => {
  const probe = await openGateway(t);
  const { port } = probe;
  await probe.stop();
  for (const gateway of [{ bind: "lan" }, { bind: "lan", auth: { mode: "none" } }, { bind: "tailnet" }]) {
    const setup = { gateway, own: { ...own, tailnet: ["192.0.2.9"] }, options: { port } };
    await assert.rejects(openGateway(t, setup), { code: "GATEWAY_WITHOUT_AUTH", message: /without auth/ });
    assert.equal(await listensOn(port, "127.0.0.1"), false);
  }
});

test("behind an open bind a client elsewhere needs what a client elsewhere needs", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth, bind: "lan", trustedProxies: ["127.0.0.1"] } });
  const client = new Client(gateway.url, { headers: { "X-Forwarded-For": "192.0.2.50" } });
  t.after(() => client.close());
  assert.equal((await client.connect({ device: newDevice() })).error?.details?.["reason"], "not-paired");
});
