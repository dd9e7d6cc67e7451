/** The gateway behind real reverse proxies. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Fault, connect, memoryStore, preciseCode } from "../../packages/openclaw/src/client/index.ts";
import type { DeviceStore, Gateway } from "../../packages/openclaw/src/client/index.ts";
import { startModelServer } from "../fakes/model-server.ts";
import { TOKEN, login, makePlace, start, type Overlay, type Place } from "../harness/gateway.ts";
import { CLIENT_HEADER, KINDS, absent, type Kind, type Proxy, type ProxyRules } from "./_proxy.ts";

/** Of a documentation network: no machine has it. */
const REMOTE = "203.0.113.7";

interface Scene {
  readonly place: Place;
  readonly proxy: Proxy;
  /** On this machine, past the proxy. */
  admin(): Promise<Gateway>;
}

async function open(t: TestContext, kind: Kind, gateway: Overlay, rules: Partial<ProxyRules> = {}): Promise<Scene> {
  const closers: (() => unknown)[] = [];
  t.after(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const model = await startModelServer({
    api: "openai-completions",
    script: { text: ["one ", "two ", "three"], everyMs: 150 },
  });
  closers.push(() => model.close());
  const place = await makePlace(model.url, { gateway });
  closers.push(() => place.end());
  const password = (gateway["auth"] as { password?: string } | undefined)?.password;
  const running = await start(place, password === undefined ? undefined : { password });
  closers.push(() => running.stop());
  const proxy = await kind.start({ upstream: place.port, ...rules });
  closers.push(() => proxy.end());
  return {
    place,
    proxy,
    async admin() {
      const client = login(place, ["operator.admin", "operator.pairing"]);
      closers.push(() => client.close());
      await client.ready();
      return client;
    },
  };
}

interface Devices {
  readonly pending: readonly { readonly requestId: string; readonly remoteIp: string }[];
  readonly paired: readonly unknown[];
}

async function devices(admin: Gateway): Promise<Devices> {
  return (await admin.request("device.pair.list", {})) as unknown as Devices;
}

/** Through the proxy, from an address that is not this machine's. */
function remoteClient(
  proxy: Proxy,
  options: {
    readonly store?: DeviceStore;
    readonly path?: string;
    readonly headers?: Record<string, string>;
    readonly token?: string;
    readonly id?: string;
    readonly mode?: string;
  },
): Gateway {
  const headers = { [CLIENT_HEADER]: REMOTE, ...options.headers };
  class ThroughProxy extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers } as never);
    }
  }
  return connect({
    url: `ws://127.0.0.1:${proxy.port}${options.path ?? "/"}`,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.store ? { store: options.store } : {}),
    client: { id: options.id ?? "cli", mode: options.mode ?? "cli", version: "0", platform: "linux" },
    scopes: ["operator.read", "operator.write"],
    reconnect: false,
    WebSocket: ThroughProxy as never,
  });
}

function get(
  proxy: Proxy,
  path: string,
  headers: Record<string, string> = {},
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${proxy.port}${path}`, {
    redirect: "manual",
    ...init,
    headers: { [CLIENT_HEADER]: REMOTE, ...headers },
  });
}

async function refusal(gateway: Gateway): Promise<Fault> {
  try {
    await gateway.ready();
  } catch (error) {
    assert.ok(error instanceof Fault);
    return error;
  } finally {
    gateway.close();
  }
  return assert.fail("it was let in");
}

for (const kind of KINDS) {
  const skip = absent(kind);
  const options = skip === undefined ? {} : { skip };

  test(`behind ${kind.name} a remote device is paired, talks and gets its answer as it grows`, options, async (t) => {
    const { proxy, admin } = await open(t, kind, { trustedProxies: ["127.0.0.1"] });
    const store = memoryStore();
    const waiting = await refusal(remoteClient(proxy, { token: TOKEN, store }));
    assert.equal(preciseCode(waiting), "PAIRING_REQUIRED");
    const owner = await admin();
    const [request] = (await devices(owner)).pending;
    assert.equal(request?.remoteIp, REMOTE);
    await owner.request("device.pair.approve", { requestId: request?.requestId ?? "" });

    const client = remoteClient(proxy, { token: TOKEN, store });
    t.after(() => client.close());
    const hello = await client.ready();
    assert.deepEqual(hello.auth.scopes, ["operator.read", "operator.write"]);
    const states: string[] = [];
    const final = new Promise<void>((resolve) =>
      client.on("chat", (event: { state: string }) => {
        states.push(event.state);
        if (event.state === "final") resolve();
      }),
    );
    await client.request("chat.send", { sessionKey: "main", message: "hi", idempotencyKey: `proxy-${kind.name}` });
    await final;
    assert.ok(states.filter((state) => state === "delta").length >= 2, states.join(" "));
  });

  test(
    `behind ${kind.name} the Control UI is served below its base path, and sockets open there`,
    options,
    async (t) => {
      const { proxy } = await open(t, kind, {
        trustedProxies: ["127.0.0.1"],
        controlUi: { basePath: "/assistant" },
      });
      const bare = await get(proxy, "/assistant?x=1");
      assert.deepEqual([bare.status, bare.headers.get("location")], [302, "/assistant/?x=1"]);
      const page = await get(proxy, "/assistant/");
      const html = await page.text();
      assert.equal(page.status, 200);
      const asset = /(?:src|href)="(\/assistant\/assets\/[^"]+)"/.exec(html)?.[1];
      assert.ok(asset, html.slice(0, 400));
      const script = await get(proxy, asset);
      assert.deepEqual(
        [script.status, script.headers.get("cache-control")],
        [200, "public, max-age=31536000, immutable"],
      );
      assert.equal((await get(proxy, "/")).status, 404);
      const code = preciseCode(
        await refusal(remoteClient(proxy, { token: TOKEN, store: memoryStore(), path: "/assistant" })),
      );
      assert.equal(code, "PAIRING_REQUIRED");
    },
  );

  test(`behind ${kind.name} an answer of the HTTP API streams, unbuffered`, options, async (t) => {
    const { proxy } = await open(t, kind, {
      trustedProxies: ["127.0.0.1"],
      http: { endpoints: { chatCompletions: { enabled: true } } },
    });
    assert.equal((await get(proxy, "/v1/models")).status, 401);
    const response = await get(
      proxy,
      "/v1/chat/completions",
      { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      {
        method: "POST",
        body: JSON.stringify({ model: "openclaw", stream: true, messages: [{ role: "user", content: "hi" }] }),
      },
    );
    assert.equal(response.status, 200);
    const pieces: number[] = [];
    let text = "";
    for await (const chunk of response.body ?? []) {
      pieces.push(performance.now());
      text += Buffer.from(chunk as Uint8Array).toString();
    }
    assert.match(text, /data: \[DONE\]/);
    assert.ok(pieces.length >= 3, `${pieces.length} pieces`);
  });

  test(`behind ${kind.name} wrong tokens lock out the address they come from, and no other`, options, async (t) => {
    const { proxy } = await open(t, kind, {
      trustedProxies: ["127.0.0.1"],
      auth: { rateLimit: { maxAttempts: 3 } },
      http: { endpoints: { chatCompletions: { enabled: true } } },
    });
    const ask = async (token: string, from: string) =>
      (await get(proxy, "/v1/models", { authorization: `Bearer ${token}`, [CLIENT_HEADER]: from })).status;
    const seen: number[] = [];
    for (let i = 0; i < 4; i += 1) seen.push(await ask("wrong", "203.0.113.50"));
    assert.deepEqual(seen, [401, 401, 401, 429]);
    assert.equal(await ask(TOKEN, "203.0.113.50"), 429);
    assert.equal(await ask(TOKEN, "203.0.113.51"), 200);
  });

  test(`${kind.name} that is not listed as trusted does not make its clients local`, options, async (t) => {
    const { proxy, admin } = await open(t, kind, {});
    const store = memoryStore();
    const fault = await refusal(
      remoteClient(proxy, { token: TOKEN, store, headers: { [CLIENT_HEADER]: "127.0.0.1" } }),
    );
    assert.equal(preciseCode(fault), "PAIRING_REQUIRED");
    assert.deepEqual((await devices(await admin())).paired, []);
  });

  test(`${kind.name} names its users: those listed get their scopes, others nothing`, options, async (t) => {
    const { proxy, place } = await open(
      t,
      kind,
      {
        trustedProxies: ["127.0.0.1"],
        auth: {
          mode: "trusted-proxy",
          token: undefined,
          password: "fallback-password-0123456789",
          trustedProxy: { userHeader: "x-forwarded-user", allowUsers: ["ada@example.org"], allowLoopback: true },
          identityScopes: { "ada@example.org": ["operator.read"] },
        },
        controlUi: { allowedOrigins: ["https://assistant.example.org"] },
        http: { endpoints: { chatCompletions: { enabled: true } } },
      },
      { userHeader: "X-Forwarded-User" },
    );
    const as = (user: string) => ({ "X-Test-User": user, origin: "https://assistant.example.org" });
    const page = (user: string) =>
      remoteClient(proxy, { headers: as(user), id: "openclaw-control-ui", mode: "webchat" });
    const ada = page("ada@example.org");
    t.after(() => ada.close());
    const hello = await ada.ready();
    assert.equal(hello.auth.method, "trusted-proxy");
    assert.deepEqual(hello.auth.scopes, ["operator.read"]);
    assert.equal(preciseCode(await refusal(page("eve@example.org"))), "CONTROL_UI_DEVICE_IDENTITY_REQUIRED");
    assert.equal((await get(proxy, "/v1/models", as("ada@example.org"))).status, 200);
    assert.equal((await get(proxy, "/v1/models", as("eve@example.org"))).status, 401);
    assert.equal((await get(proxy, "/v1/models")).status, 401);
    const forged = await fetch(`http://127.0.0.1:${place.port}/v1/models`, {
      headers: { "x-forwarded-user": "ada@example.org" },
    });
    assert.ok([401, 403].includes(forged.status), String(forged.status));
  });
}
