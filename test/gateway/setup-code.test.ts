import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { until } from "../harness/until.ts";
import { connect, memoryStore, type ConnectOptions } from "../../packages/openclaw/src/client/index.ts";
import { Client, login, newDevice, type Device, type Frame } from "./_client.ts";
import { manualClock } from "./_clock.ts";
import { fakeDevices, openGateway, type TestGateway } from "./_gateway.ts";

const LIMITED = ["operator.approvals", "operator.read", "operator.talk.secrets", "operator.write"];
const PUBLIC = { publicUrl: "https://claw.example/" };

async function makeCode(gateway: TestGateway, params: Record<string, unknown> = PUBLIC): Promise<Frame["payload"]> {
  const owner = await login(gateway.url);
  const answer = await owner.request("device.pair.setupCode", params);
  owner.close();
  assert.ok(answer.ok, JSON.stringify(answer.error));
  return answer.payload;
}

const contentOf = (code: { setupCode: string }) =>
  JSON.parse(Buffer.from(code.setupCode, "base64url").toString("utf8"));

/** Connects as a phone that scanned the code. */
async function scan(gateway: TestGateway, bootstrapToken: string, device: Device = newDevice(), role = "node") {
  const client = new Client(gateway.url);
  const answer = await client.connect({
    device,
    role,
    scopes: [],
    auth: { bootstrapToken },
    client: { id: "openclaw-ios", mode: "node", platform: "ios", displayName: "Phone" },
  });
  client.close();
  return answer;
}

const codeOf = (frame: Frame) => frame.error?.details?.["code"];

test("a setup code carries the address, a token and its end, and nothing else", async (t) => {
  const gateway = await openGateway(t);
  const code = await makeCode(gateway);
  const content = contentOf(code);
  assert.deepEqual(Object.keys(content), ["url", "bootstrapToken", "expiresAtMs"]);
  assert.equal(content.url, "wss://claw.example");
  assert.match(content.bootstrapToken, /^[\w-]{43}$/);
  assert.ok(Math.abs(content.expiresAtMs - Date.now() - 600_000) < 10_000);
  assert.deepEqual(
    [code.gatewayUrl, code.urlSource, code.auth, code.access],
    ["wss://claw.example", "publicUrl", "token", "limited"],
  );
});

test("a phone that scanned the code is paired at once, as a node and as an operator for everyday use", async (t) => {
  const gateway = await openGateway(t);
  const watcher = await login(gateway.url);
  t.after(() => watcher.close());
  const code = await makeCode(gateway);
  const device = newDevice();
  const answer = await scan(gateway, contentOf(code).bootstrapToken, device);
  const { auth } = answer.payload;
  assert.deepEqual([auth.method, auth.role, auth.scopes], ["bootstrap-token", "node", []]);
  const [operator] = auth.deviceTokens;
  assert.deepEqual([auth.deviceTokens.length, operator.role, operator.scopes], [1, "operator", LIMITED]);
  assert.notEqual(operator.deviceToken, auth.deviceToken);
  await watcher.event("device.pair.resolved", (payload) => payload.deviceId === device.id);
  const completed = await watcher.event("device.pair.setup.completed", ({ setupId }) => setupId === code.setupId);
  assert.deepEqual([completed.payload.deviceId, completed.payload.deviceName], [device.id, "Phone"]);
  assert.equal((await gateway.devices.get(device.id))?.approvedVia, "bootstrap");
  assert.deepEqual(await gateway.devices.requests(), []);
  const client = { id: "openclaw-ios", mode: "ui", platform: "ios" };
  const second = await login(gateway.url, {
    device,
    client,
    scopes: LIMITED,
    auth: { deviceToken: operator.deviceToken },
  });
  t.after(() => second.close());
  assert.ok((await second.request("test.write")).ok);
  assert.equal(codeOf(await second.request("test.admin")), "MISSING_SCOPE");
  const status = await watcher.request("device.pair.setupStatus", { setupId: code.setupId });
  assert.equal(status.payload.completion.deviceId, device.id);
});

test("a setup code works once, for the same device too", async (t) => {
  const gateway = await openGateway(t);
  const { bootstrapToken } = contentOf(await makeCode(gateway));
  const device = newDevice();
  assert.ok((await scan(gateway, bootstrapToken, device)).ok);
  for (const again of [device, newDevice()]) {
    const answer = await scan(gateway, bootstrapToken, again);
    assert.equal(codeOf(answer), "AUTH_BOOTSTRAP_TOKEN_INVALID");
    assert.equal(answer.error?.details?.["recommendedNextStep"], "review_auth_configuration");
  }
});

test("of two phones that scan at the same moment one is paired", async (t) => {
  const gateway = await openGateway(t);
  const { bootstrapToken } = contentOf(await makeCode(gateway));
  const answers = await Promise.all([scan(gateway, bootstrapToken), scan(gateway, bootstrapToken)]);
  assert.equal(answers.filter(({ ok }) => ok).length, 1);
});

test("a setup code ends after ten minutes", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { clock });
  const { bootstrapToken } = contentOf(await makeCode(gateway));
  clock.advance(600_000);
  const answering = clock.asleep();
  const answer = scan(gateway, bootstrapToken);
  clock.advance(await answering);
  assert.equal(codeOf(await answer), "AUTH_BOOTSTRAP_TOKEN_INVALID");
});

test("a setup code pairs nodes only, and only devices that prove themselves", async (t) => {
  const gateway = await openGateway(t);
  const { bootstrapToken } = contentOf(await makeCode(gateway));
  assert.equal(codeOf(await scan(gateway, bootstrapToken, newDevice(), "operator")), "AUTH_BOOTSTRAP_TOKEN_INVALID");
  const client = new Client(gateway.url);
  t.after(() => client.close());
  assert.equal(codeOf(await client.connect({ auth: { bootstrapToken } })), "DEVICE_IDENTITY_REQUIRED");
  assert.ok((await scan(gateway, bootstrapToken)).ok, "the wrong uses did not use it up");
});

test("a gateway that only this machine reaches gives no code unless it is told an address", async (t) => {
  const gateway = await openGateway(t);
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const refused = await owner.request("device.pair.setupCode", {});
  assert.equal(
    refused.error?.message,
    "Gateway is only bound to loopback. Set gateway.bind=lan, enable tailscale serve, or configure plugins.entries.device-pair.config.publicUrl.",
  );
  assert.equal((await owner.request("device.pair.setupCode", { access: "full" })).error?.code, "INVALID_REQUEST");
  assert.equal(codeOf(await owner.request("device.pair.setupCode", { publicUrl: "ftp://x" })), "SETUP_URL_INVALID");
});

test("the address is the configured one, the remote one where that is wanted, or the one that is bound", async (t) => {
  const own = { all: ["192.0.2.7"], tailnet: [], outward: ["192.0.2.7"] };
  const auth = { mode: "token", token: "the-right-token" };
  const configured = { entries: { "device-pair": { config: { publicUrl: "https://open.example" } } } };
  const remote = { url: "wss://away.example" };
  const sourceOf = async (setup: Parameters<typeof openGateway>[1], params = {}) => {
    const { gatewayUrl, urlSource } = await makeCode(await openGateway(t, setup), params);
    return [gatewayUrl.replace(/:\d+$/, ""), urlSource];
  };
  const lan = { gateway: { auth, bind: "lan", remote }, own };
  assert.deepEqual(await sourceOf(lan), ["ws://192.0.2.7", "gateway.bind=lan"]);
  assert.deepEqual(await sourceOf(lan, { preferRemoteUrl: true }), ["wss://away.example", "gateway.remote.url"]);
  assert.deepEqual(await sourceOf({ ...lan, config: { plugins: configured } }), [
    "wss://open.example",
    "plugins.entries.device-pair.config.publicUrl",
  ]);
});

test("the picture of a code is a PNG that holds as many pixels as it says", async (t) => {
  const gateway = await openGateway(t);
  const { qrDataUrl } = await makeCode(gateway, { ...PUBLIC, includeQr: true });
  const png = Buffer.from(qrDataUrl.replace("data:image/png;base64,", ""), "base64");
  const width = png.readUInt32BE(16);
  const length = png.readUInt32BE(33);
  const pixels = inflateSync(png.subarray(41, 41 + length));
  assert.equal(pixels.length, width * (Math.ceil(width / 8) + 1));
  assert.equal(pixels[1], 0xff, "the quiet zone is white");
});

test("no token of a code is at rest", async (t) => {
  const gateway = await openGateway(t);
  const { bootstrapToken } = contentOf(await makeCode(gateway));
  await scan(gateway, bootstrapToken);
  for (const name of await readdir(gateway.state, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const text = await readFile(join(name.parentPath, name.name), "latin1");
    assert.ok(!text.includes(bootstrapToken), name.name);
  }
  assert.ok(!gateway.logged().includes(bootstrapToken));
});

test("our own client uses a setup code, keeps the tokens of both roles, and comes back with them", async (t) => {
  const gateway = await openGateway(t);
  const { bootstrapToken } = contentOf(await makeCode(gateway));
  const store = memoryStore();
  const phone = (options: Partial<ConnectOptions>) => {
    const client = { id: "openclaw-ios", version: "1", platform: "ios" };
    const made = connect({
      url: gateway.url,
      store,
      client: { ...client, mode: "node" },
      reconnect: false,
      ...options,
    });
    t.after(() => made.close());
    return made.ready();
  };
  const first = await phone({ role: "node", bootstrapToken });
  assert.equal(first.auth.method, "bootstrap-token");
  assert.equal(
    (await phone({ role: "node", bootstrapToken })).auth.method,
    "device-token",
    "the code is not needed again",
  );
  const operator = await phone({ role: "operator", scopes: ["operator.read"] });
  assert.deepEqual([operator.auth.method, operator.auth.scopes], ["device-token", LIMITED]);
});

test("a phone that is gone before its answer leaves a code that says so", async (t) => {
  let hangUp = () => {};
  const devices = fakeDevices();
  const put = devices.put.bind(devices);
  const slow = {
    ...devices,
    put: async (row: Parameters<typeof put>[0]) => {
      if (row.approvedVia === "bootstrap") hangUp();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await put(row);
    },
  };
  const gateway = await openGateway(t, { devices: slow });
  const code = await makeCode(gateway);
  const client = new Client(gateway.url);
  hangUp = () => client.close();
  const { bootstrapToken } = contentOf(code);
  await client.connect({ device: newDevice(), role: "node", scopes: [], auth: { bootstrapToken } });
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const status = () => owner.request("device.pair.setupStatus", { setupId: code.setupId });
  await until(async () => Object.keys((await status()).payload).length > 0);
  assert.deepEqual((await status()).payload, { deliveryUncertain: true });
});
