import assert from "node:assert/strict";
import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { FAKE_TOKEN, Refusal, deviceTokenOf, startFakeGateway } from "../../../../test/fakes/gateway.ts";
import type { FakeGateway, FakeGatewayOptions } from "../../../../test/fakes/gateway.ts";
import { connect, memoryStore, nodeStore } from "./index.ts";
import type { ConnectOptions, ConnectionState, Fault, Gateway, Timers } from "./index.ts";
import { until } from "../../../../test/harness/until.ts";

const CLIENT = { id: "test", mode: "test", version: "1", platform: "Linux " };

async function gateway(t: TestContext, options: FakeGatewayOptions = {}): Promise<FakeGateway> {
  const fake = await startFakeGateway(options);
  t.after(() => fake.close());
  return fake;
}

function client(t: TestContext, url: string, options: Partial<ConnectOptions> = {}): Gateway {
  const made = connect({
    url,
    token: FAKE_TOKEN,
    client: CLIENT,
    scopes: ["operator.write", "operator.read"],
    ...options,
  });
  t.after(() => made.close());
  return made;
}

function reached(of: Gateway, phase: ConnectionState["phase"]): Promise<ConnectionState> {
  return new Promise((resolve) => {
    if (of.state.phase === phase) resolve(of.state);
    const stop = of.onState((state) => {
      if (state.phase !== phase) return;
      stop();
      resolve(state);
    });
  });
}

/** Real time, but waits between attempts are short. */
const HASTY: Timers = {
  now: () => Date.now(),
  random: () => 0,
  timer: (ms, fire) => {
    const timer = setTimeout(fire, ms <= 30_000 && ms >= 1000 ? ms / 100 : ms);
    return () => clearTimeout(timer);
  },
};

const rejection = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail("it did not reject"),
    (error: Fault) => error,
  );

test("logs in with the token and a signed device, and is given a device token to keep", async (t) => {
  const fake = await gateway(t);
  const store = memoryStore();
  const hello = await client(t, fake.url, { store }).ready();
  const id = (await store.identity())?.id ?? "";
  assert.equal(hello.protocol, 4);
  assert.deepEqual(await store.token(fake.url, "operator"), {
    token: deviceTokenOf(id),
    scopes: ["operator.write", "operator.read"],
  });
});

test("uses the kept device token when no token is given", async (t) => {
  const fake = await gateway(t);
  const store = memoryStore();
  await client(t, fake.url, { store }).ready();
  const second = connect({ url: fake.url, client: CLIENT, store });
  t.after(() => second.close());
  assert.equal((await second.ready()).auth.method, "device-token");
  assert.deepEqual(fake.logins[1]?.scopes, ["operator.write", "operator.read"]);
});

test("tries the kept device token once when the shared one is refused", async (t) => {
  const fake = await gateway(t);
  const store = memoryStore();
  await client(t, fake.url, { store }).ready();
  await client(t, fake.url, { store, token: "old" }).ready();
  assert.deepEqual(
    fake.logins.map((login) => login.auth),
    [
      { token: FAKE_TOKEN },
      { token: "old" },
      { deviceToken: await store.token(fake.url, "operator").then((kept) => kept?.token) },
    ],
  );
});

test("stops at a wrong token and says where to find the right one", async (t) => {
  const fake = await gateway(t);
  const wrong = client(t, fake.url, { token: "wrong", store: memoryStore() });
  const fault = await rejection(wrong.ready());
  assert.equal(fault.details?.["code"], "AUTH_TOKEN_MISMATCH");
  assert.match(fault.remedy, /openclaw dashboard/);
  assert.equal(wrong.state.phase, "closed");
  assert.equal(fake.logins.length, 1);
});

test("forgets a device token that the gateway no longer knows", async (t) => {
  const fake = await gateway(t);
  const store = memoryStore();
  await store.keepToken(fake.url, "operator", { token: "stale", scopes: [] });
  const fault = await rejection(connect({ url: fake.url, client: CLIENT, store }).ready());
  assert.equal(fault.details?.["code"], "AUTH_DEVICE_TOKEN_MISMATCH");
  assert.equal(await store.token(fake.url, "operator"), undefined);
});

test("answers requests, carries errors with code and details, and rejects after the deadline", async (t) => {
  const fake = await gateway(t, {
    methods: {
      echo: (params) => params,
      refuse: () => {
        throw new Refusal({
          code: "FORBIDDEN",
          message: "missing scope: operator.admin",
          details: { code: "MISSING_SCOPE" },
        });
      },
      hang: () => new Promise(() => {}),
    },
  });
  const one = client(t, fake.url);
  await one.ready();
  assert.deepEqual(await one.request("echo", { a: 1 }), { a: 1 });
  const refused = await rejection(one.request("refuse"));
  assert.equal(refused.code, "FORBIDDEN");
  assert.equal(refused.details?.["code"], "MISSING_SCOPE");
  assert.notEqual(refused.remedy, "");
  const late = await rejection(one.request("hang", {}, { timeoutMs: 20 }));
  assert.equal(late.code, "GATEWAY_REQUEST_TIMEOUT");
  assert.equal(late.retryable, true);
});

test("resolves a call that answers twice with the second answer", async (t) => {
  const fake = await gateway(t, {
    methods: {
      agent: (_params, { client: caller, id }) => {
        caller.respond(id, { runId: "r", status: "accepted" });
        return { runId: "r", status: "ok" };
      },
    },
  });
  const one = client(t, fake.url);
  await one.ready();
  const accepted: unknown[] = [];
  const final = await one.request("agent", {}, { expectFinal: true, onAccepted: (payload) => accepted.push(payload) });
  assert.deepEqual([accepted, final], [[{ runId: "r", status: "accepted" }], { runId: "r", status: "ok" }]);
});

test("comes back after the socket is cut, and rejects what was waiting", async (t) => {
  const fake = await gateway(t, { methods: { hang: () => new Promise(() => {}) } });
  const one = client(t, fake.url, { timers: HASTY });
  await one.ready();
  const pending = rejection(one.request("hang"));
  fake.cut();
  assert.equal((await pending).code, "GATEWAY_CONNECTION_LOST");
  assert.equal((await rejection(one.request("hang"))).code, "GATEWAY_NOT_CONNECTED");
  await reached(one, "open");
  assert.equal(fake.logins.length, 2);
});

test("waits as long as the gateway asks while it is starting", async (t) => {
  let starting = true;
  const fake = await gateway(t, {
    refuse: () => {
      if (!starting) return undefined;
      starting = false;
      return { code: "UNAVAILABLE", message: "gateway starting; retry shortly", retryable: true, retryAfterMs: 30 };
    },
  });
  const one = client(t, fake.url);
  const began = Date.now();
  await one.ready();
  assert.ok(Date.now() - began >= 25);
});

test("pauses for a pairing that the user must approve", async (t) => {
  const fake = await gateway(t, {
    refuse: () => ({
      code: "NOT_PAIRED",
      message: "pairing required",
      details: { code: "PAIRING_REQUIRED", requestId: "q" },
    }),
  });
  const one = client(t, fake.url);
  const fault = await rejection(one.ready());
  assert.equal(fault.details?.["requestId"], "q");
  assert.match(fault.remedy, /openclaw devices approve/);
});

test("closes a silent connection with 4000 after two ticks and connects again", async (t) => {
  const fake = await gateway(t, { tickIntervalMs: 20 });
  const one = client(t, fake.url, { timers: HASTY });
  await one.ready();
  const waiting = await reached(one, "waiting");
  assert.match(waiting.phase === "waiting" ? waiting.error.message : "", /4000, tick timeout/);
  await reached(one, "open");
});

test("stays open while ticks arrive", async (t) => {
  const fake = await gateway(t, { tickIntervalMs: 300 });
  const one = client(t, fake.url, { timers: HASTY });
  await one.ready();
  const beat = setInterval(() => fake.broadcast("tick", { ts: 1 }), 50);
  t.after(() => clearInterval(beat));
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.equal(one.state.phase, "open");
  assert.equal(fake.logins.length, 1);
});

test("delivers events by name and tells when some were lost", async (t) => {
  const fake = await gateway(t, { methods: { sync: () => ({}) } });
  const one = client(t, fake.url);
  await one.ready();
  const seen: unknown[] = [];
  let gaps = 0;
  one.on("note", (payload) => seen.push(payload));
  one.onGap(() => {
    gaps += 1;
  });
  fake.broadcast("note", 1);
  for (const peer of fake.clients) peer.skip();
  fake.broadcast("note", 3);
  await one.request("sync");
  assert.deepEqual([seen, gaps], [[1, 3], 1]);
});

test("gives up a listener that never greets", async (t) => {
  const fake = await gateway(t, { silent: true });
  const one = client(t, fake.url, { timers: HASTY, reconnect: false });
  assert.equal((await rejection(one.ready())).code, "GATEWAY_HANDSHAKE_TIMEOUT");
});

test("says that nobody listens", async (t) => {
  const fake = await startFakeGateway();
  await fake.close();
  const fault = await rejection(client(t, fake.url, { reconnect: false }).ready());
  assert.equal(fault.code, "GATEWAY_UNREACHABLE");
  assert.match(fault.remedy, /openclaw gateway run/);
});

test("in Node the identity survives in a file that only its owner can read", async (t) => {
  const fake = await gateway(t);
  const state = await mkdtemp(join(tmpdir(), "openclaw-client-"));
  await client(t, fake.url, { store: await nodeStore(state) }).ready();
  const path = join(state, "identity", "device.json");
  const again = await nodeStore(state);
  await until(async () => (await again.token(fake.url, "operator")) !== undefined);
  const before = (await again.identity())?.id;
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const kept = JSON.parse(await readFile(path, "utf8")) as { deviceId: string; tokens: Record<string, unknown> };
  assert.equal(kept.deviceId, before);
  assert.deepEqual(Object.keys(kept.tokens), [`operator ${fake.url}`]);
});

test("a damaged identity file is reported, not replaced", async () => {
  const state = await mkdtemp(join(tmpdir(), "openclaw-client-"));
  const store = await nodeStore(state);
  await store.identity();
  const path = join(state, "identity", "device.json");
  await writeFile(path, "{");
  assert.equal((await rejection(store.identity())).code, "DEVICE_FILE_UNREADABLE");
  assert.equal(await readFile(path, "utf8"), "{");
});
