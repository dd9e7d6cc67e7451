import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client, connectParams, login, newDevice, type Frame, type Say } from "./_client.ts";
import { openGateway } from "./_gateway.ts";
import type { TestContext } from "node:test";

/** One connect on a fresh gateway: its answer, and how the socket closed when it was refused. */
async function attempt(t: TestContext, say: Say): Promise<{ answer: Frame; client: Client }> {
  const gateway = await openGateway(t);
  const client = new Client(gateway.url);
  t.after(() => client.close());
  return { answer: await client.connect({ device: newDevice(), ...say }), client };
}

test("hello-ok says what every client needs", async (t) => {
  const { answer } = await attempt(t, {});
  const hello = answer.payload;
  assert.equal(hello.type, "hello-ok");
  assert.equal(hello.protocol, 4);
  assert.equal(hello.server.version, "2026.11.0");
  assert.ok(hello.server.connId && hello.server.bootId);
  assert.ok(hello.features.methods.includes("health") && hello.features.events.includes("chat"));
  assert.ok(!hello.features.methods.includes("sessions.unsubscribe"), "hidden methods are not listed");
  assert.deepEqual(hello.snapshot.sessionDefaults, {
    defaultAgentId: "main",
    mainKey: "main",
    mainSessionKey: "agent:main:main",
    scope: "per-sender",
  });
  assert.equal(hello.snapshot.health.ok, true);
  assert.deepEqual(Object.keys(hello.snapshot.stateVersion), ["presence", "health"]);
  assert.ok(Number.isInteger(hello.snapshot.uptimeMs));
  assert.equal(hello.auth.method, "token");
  assert.equal(hello.auth.role, "operator");
  assert.match(hello.auth.deviceToken, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(
    [hello.policy.maxPayload, hello.policy.maxBufferedBytes, hello.policy.tickIntervalMs],
    [26_214_400, 52_428_800, 30_000],
  );
});

for (const [min, max, protocol] of [
  [3, 4, 4],
  [4, 4, 4],
  [4, 99, 4],
  [1, 9, 4],
  [3, 3, 3],
] as const) {
  test(`a client that speaks ${min} to ${max} gets protocol ${protocol}`, async (t) => {
    assert.equal((await attempt(t, { min, max })).answer.payload.protocol, protocol);
  });
}

for (const [min, max] of [
  [5, 5],
  [1, 2],
  [4, 3],
] as const) {
  test(`a client that speaks ${min} to ${max} is refused with 1002`, async (t) => {
    const { answer, client } = await attempt(t, { min, max });
    assert.equal(answer.error?.message, "protocol mismatch");
    assert.deepEqual(answer.error?.details, {
      code: "PROTOCOL_MISMATCH",
      clientMinProtocol: min,
      clientMaxProtocol: max,
      expectedProtocol: 4,
      minimumProbeProtocol: 3,
    });
    assert.deepEqual(await client.ended(), { code: 1002, reason: "protocol mismatch" });
  });
}

test("a node and a probe of protocol 3 are let in as protocol 4", async (t) => {
  const node = await attempt(t, {
    min: 3,
    max: 3,
    role: "node",
    scopes: [],
    client: { id: "node-host", mode: "node" },
  });
  assert.equal(node.answer.payload.protocol, 4);
  const probe = await attempt(t, { min: 3, max: 3, client: { id: "cli", mode: "probe" } });
  assert.equal(probe.answer.payload.protocol, 4);
});

const FAULTY: Readonly<Record<string, [(params: Record<string, any>) => void, RegExp]>> = {
  "an unknown client id": [
    (p) => (p["client"].id = "zzz"),
    /at \/client\/id: must be equal to one of the allowed values/,
  ],
  "the mode operator": [(p) => (p["client"].mode = "operator"), /at \/client\/mode: must be equal/],
  "no minProtocol": [(p) => delete p["minProtocol"], /must have required property 'minProtocol'/],
  "no maxProtocol": [(p) => delete p["maxProtocol"], /must have required property 'maxProtocol'/],
  "no client": [(p) => delete p["client"], /must have required property 'client'/],
  "no client version": [(p) => delete p["client"].version, /at \/client: must have required property 'version'/],
  "no platform": [(p) => delete p["client"].platform, /must have required property 'platform'/],
  "an unknown key": [(p) => (p["zzz"] = 1), /at root: unexpected property 'zzz'/],
  "an unknown key in client": [(p) => (p["client"].zzz = 1), /at \/client: unexpected property 'zzz'/],
  "an unknown key in auth": [(p) => (p["auth"].zzz = 1), /at \/auth: unexpected property 'zzz'/],
  "an unknown key in device": [(p) => (p["device"].zzz = 1), /at \/device: unexpected property 'zzz'/],
  "a role nobody knows": [(p) => (p["role"] = "boss"), /^invalid role$/],
};
for (const [what, [change, message]] of Object.entries(FAULTY)) {
  test(`connect with ${what} is refused and the place is named`, async (t) => {
    const { answer, client } = await attempt(t, { change });
    assert.equal(answer.error?.code, "INVALID_REQUEST");
    assert.match(answer.error?.message ?? "", message);
    assert.equal((await client.ended()).code, 1008);
  });
}

test("role, scopes and caps may be left out", async (t) => {
  const { answer } = await attempt(t, { scopes: undefined, change: (p) => delete p["caps"] });
  assert.deepEqual([answer.payload.auth.role, answer.payload.auth.scopes], ["operator", []]);
});

test("params that published pages add are taken", async (t) => {
  const change = (p: Record<string, any>) => {
    p["modelCatalog"] = { sessionKey: "main" };
    p["client"].buildId = "b";
    p["client"].timeZone = "Europe/Berlin";
    p["locale"] = "de";
    p["userAgent"] = "x";
  };
  assert.ok((await attempt(t, { change })).answer.ok);
});

test("proofs of version 3 and 2 are taken, of version 1 not", async (t) => {
  assert.ok((await attempt(t, { proof: { version: "v3" } })).answer.ok);
  assert.ok((await attempt(t, { proof: { version: "v2" } })).answer.ok);
  assert.equal(codeOf((await attempt(t, { proof: { version: "v1" } })).answer), "DEVICE_AUTH_SIGNATURE_INVALID");
});

test("the platform is signed folded, never as sent", async (t) => {
  const client = { platform: " MacOS " };
  assert.ok((await attempt(t, { client, proof: { platform: "macos" } })).answer.ok);
  assert.equal(
    codeOf((await attempt(t, { client, proof: { platform: " MacOS " } })).answer),
    "DEVICE_AUTH_SIGNATURE_INVALID",
  );
});

test("scopes are signed in the order in which they are sent", async (t) => {
  const scopes = ["operator.write", "operator.read"];
  assert.ok((await attempt(t, { scopes })).answer.ok);
  const sorted = await attempt(t, { scopes, proof: { scopes: scopes.toSorted() } });
  assert.equal(codeOf(sorted.answer), "DEVICE_AUTH_SIGNATURE_INVALID");
});

for (const [seconds, ok] of [
  [119, true],
  [-119, true],
  [121, false],
  [-121, false],
] as const) {
  test(`a proof signed ${seconds} s off is ${ok ? "taken" : "refused"}`, async (t) => {
    const { answer } = await attempt(t, { proof: { signedAt: Date.now() + seconds * 1000 } });
    if (ok) assert.ok(answer.ok);
    else assert.equal(codeOf(answer), "DEVICE_AUTH_SIGNATURE_EXPIRED");
  });
}

test("a nonce must be the one of this socket", async (t) => {
  const gateway = await openGateway(t);
  const other = new Client(gateway.url);
  t.after(() => other.close());
  const { nonce } = await other.challenge();
  const client = new Client(gateway.url);
  assert.equal(codeOf(await client.connect({ device: newDevice(), proof: { nonce } })), "DEVICE_AUTH_NONCE_MISMATCH");
  for (const sentNonce of [undefined, ""]) {
    const without = new Client(gateway.url);
    const answer = await without.connect({ device: newDevice(), proof: { sentNonce } });
    assert.equal(codeOf(answer), "DEVICE_AUTH_NONCE_REQUIRED");
  }
});

test("a device id must belong to its key", async (t) => {
  const other = newDevice();
  assert.equal(codeOf((await attempt(t, { proof: { id: other.id } })).answer), "DEVICE_AUTH_DEVICE_ID_MISMATCH");
  assert.equal(
    codeOf((await attempt(t, { proof: { publicKey: "garbage" } })).answer),
    "DEVICE_AUTH_DEVICE_ID_MISMATCH",
  );
});

test("the proof covers the token that is sent", async (t) => {
  assert.equal(codeOf((await attempt(t, { proof: { token: "another" } })).answer), "DEVICE_AUTH_SIGNATURE_INVALID");
});

test("keys in PEM with padded base64 signatures are taken", async (t) => {
  assert.ok((await attempt(t, { proof: { pem: true } })).answer.ok);
});

test("of two faults the earlier check answers", async (t) => {
  const gateway = await openGateway(t);
  const foreign = { headers: { Origin: "https://evil.example" } };
  const say = async (what: Say, options?: object) => {
    const client = new Client(gateway.url, options);
    return client.connect({ device: newDevice(), ...what });
  };
  assert.equal(codeOf(await say({ min: 9, max: 9, role: "boss" })), "PROTOCOL_MISMATCH");
  assert.equal((await say({ role: "boss" }, foreign)).error?.message, "invalid role");
  assert.equal(codeOf(await say({ proof: { signature: "AAAA" } }, foreign)), "CONTROL_UI_ORIGIN_NOT_ALLOWED");
  assert.equal(
    codeOf(await say({ proof: { signature: "AAAA" }, auth: { token: "wrong" } })),
    "DEVICE_AUTH_SIGNATURE_INVALID",
  );
});

test("requests that come right behind connect are answered after it", async (t) => {
  const gateway = await openGateway(t);
  const client = new Client(gateway.url);
  t.after(() => client.close());
  const params = connectParams(await client.challenge(), { device: newDevice() });
  client.raw(JSON.stringify({ type: "req", id: "connect", method: "connect", params }));
  for (let i = 0; i < 50; i += 1) client.raw(JSON.stringify({ type: "req", id: `early${i}`, method: "health" }));
  const answer = await client.until(() => client.frames.find((frame) => frame.id === "early0"));
  assert.ok(answer.ok && client.frames.findIndex((frame) => frame.id === "connect") < client.frames.indexOf(answer));
});

test("paths and the auth mode are for admins, who else is here for readers", async (t) => {
  const gateway = await openGateway(t);
  const admin = await login(gateway.url, { scopes: ["operator.admin"] });
  const reader = await login(gateway.url, { scopes: ["operator.read"] });
  const pairer = await login(gateway.url, { scopes: ["operator.pairing"] });
  t.after(() => [admin, reader, pairer].forEach((client) => client.close()));
  const snapshotOf = (client: Client) => client.frames.find((frame) => frame.id === "connect")?.payload.snapshot;
  assert.deepEqual([snapshotOf(admin).authMode, snapshotOf(admin).stateDir], ["token", gateway.state]);
  assert.equal("configPath" in snapshotOf(reader), false);
  assert.ok(snapshotOf(reader).presence.length > 0);
  assert.deepEqual(snapshotOf(pairer).presence, []);
});

function codeOf(frame: Frame): unknown {
  return frame.error?.details?.["code"];
}

test("a Control UI from before an update is told to reload, ours only and no other client", async (t) => {
  const uiRoot = await mkdtemp(join(tmpdir(), "gateway-ui-"));
  t.after(() => rm(uiRoot, { recursive: true, force: true }));
  await writeFile(join(uiRoot, "index.html"), "<html><body>new</body></html>");
  const gateway = await openGateway(t, { uiRoot });
  const page = await (await fetch(`http://127.0.0.1:${gateway.port}/`)).text();
  const served = /data-build-id="([^"]+)"/.exec(page)?.[1] ?? "";
  const connect = async (buildId: string | undefined, headers: Record<string, string>, id = "openclaw-control-ui") => {
    const client = new Client(gateway.url, { headers });
    const change = (params: Record<string, any>) => {
      if (buildId !== undefined) params["client"].buildId = buildId;
    };
    const answer = await client.connect({ device: newDevice(), client: { id, mode: "ui" }, change });
    const closed = answer.ok ? undefined : await client.ended();
    client.close();
    return { answer, closed };
  };
  const own = { Origin: `http://127.0.0.1:${gateway.port}` };
  const old = await connect("0123456789ab", own);
  assert.deepEqual(
    [old.answer.error?.code, old.answer.error?.message, old.answer.error?.retryable, old.answer.error?.details],
    [
      "UNAVAILABLE",
      "protocol mismatch: Control UI updated; reload this page to continue",
      false,
      { code: "PROTOCOL_MISMATCH", gatewayBuildId: served, reloadRequired: true },
    ],
  );
  assert.equal(old.closed?.code, 1008);
  assert.ok((await connect(served, own)).answer.ok);
  assert.ok((await connect(undefined, own)).answer.ok);
  assert.ok((await connect("0123456789ab", { Origin: "http://localhost:5173" })).answer.ok, "a page of its own server");
  assert.ok((await connect("0123456789ab", own, "webchat")).answer.ok);
});
