/** The configuration written over the protocol, with the restarts that follow. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../packages/openclaw/src/client/index.ts";
import type { Gateway } from "../../packages/openclaw/src/client/index.ts";
import { startModelServer } from "../fakes/model-server.ts";
import { TOKEN, makePlace, start } from "../harness/gateway.ts";
import type { Place } from "../harness/gateway.ts";
import { pause, until, withGateway } from "./_configured.ts";

interface Shown {
  readonly hash: string;
  readonly raw: string;
  readonly config: { readonly gateway: { readonly controlUi: { readonly basePath: string } } };
  readonly configRevisionHash: string;
  readonly appliedConfigHash: string;
}
interface Written extends Shown {
  readonly ok: boolean;
  readonly noop?: boolean;
  readonly changedPaths: readonly string[];
  readonly restart?: { readonly reason: string; readonly delayMs: number };
  readonly sentinel: { readonly payload: { readonly stats: { readonly requiresRestart: boolean } } };
}

/** Works with a client that comes back by itself. */
async function lasting(place: Place, work: (client: Gateway) => Promise<void>): Promise<void> {
  const client = connect({
    url: `ws://127.0.0.1:${place.port}`,
    token: TOKEN,
    client: { id: "gateway-client", mode: "backend", version: "0", platform: process.platform },
    scopes: ["operator.admin", "operator.read", "operator.write"],
  });
  try {
    await client.ready();
    await work(client);
  } finally {
    client.close();
  }
}

const get = async (client: Gateway) => (await client.request("config.get", {})) as unknown as Shown;
async function write(client: Gateway, method: string, raw: string, more: object = {}): Promise<Written> {
  const { hash } = await get(client);
  return (await client.request(method, { raw, baseHash: hash, ...more })) as unknown as Written;
}
const sentinel = "restart-sentinel.json";

test("config.apply restarts the gateway, the client comes back, and the session is told with the note", () =>
  withGateway(({ place, names, asked, text }) =>
    lasting(place, async (client) => {
      const lives: string[] = [];
      client.onState(({ phase }) => lives.push(phase));
      const { raw } = await get(client);
      assert.ok(!raw.includes(TOKEN) && !raw.includes("sk-fake"), raw);

      const answer = await write(
        client,
        "config.apply",
        raw.replace('"gateway":{', '"gateway":{"controlUi":{"basePath":"/ui"},'),
        {
          note: "moved the page",
          sessionKey: "main",
          restartDelayMs: 100,
        },
      );
      assert.deepEqual(
        [answer.ok, answer.restart?.reason, answer.sentinel.payload.stats.requiresRestart],
        [true, "config.apply", true],
      );
      assert.ok(text().includes(TOKEN));
      await until("the client was told to come back", () => lives.includes("waiting"));
      await until("the client is back", () => client.state.phase === "open");
      const back = await get(client);
      assert.equal(back.config.gateway.controlUi.basePath, "/ui");
      assert.equal(back.appliedConfigHash, back.configRevisionHash);
      await until("the session was told", () =>
        asked.some(({ raw: body }) => /Gateway restarted \(config\.apply\): ok\. Note: moved the page/.test(body)),
      );
      await pause(300);
      assert.ok(!names().includes(sentinel));
      assert.equal(asked.filter(({ raw: body }) => body.includes("moved the page")).length, 1);
      const status = (await client.request("update.status", {})) as { sentinel: { kind: string; message: string } };
      assert.deepEqual([status.sentinel.kind, status.sentinel.message], ["config-apply", "moved the page"]);
    }),
  ));

test("config.patch of a live setting needs no restart, and a repeat changes nothing", () =>
  withGateway(async ({ running: { client }, text, names }) => {
    const events: unknown[] = [];
    client.on("config.changed", (payload) => events.push(payload));
    const answer = await write(client, "config.patch", "{ logging: { level: 'debug' } }");
    assert.deepEqual([answer.changedPaths, answer.restart], [["logging.level"], undefined]);
    assert.equal(answer.sentinel.payload.stats.requiresRestart, false);
    const before = text();
    const again = await write(client, "config.patch", "{ logging: { level: 'debug' } }");
    assert.deepEqual([again.noop, text()], [true, before]);
    const { hash, appliedConfigHash } = await get(client);
    assert.equal(appliedConfigHash, hash);
    await until("clients were told", () => events.length > 0);
    await until("no word is left", () => !names().includes(sentinel));
    assert.equal(events.length, 1);
  }));

test("two clients that write on the same base: one is told to read again", () =>
  withGateway(async ({ running: { client } }) => {
    const { hash } = await get(client);
    const raw = (level: string) => `{ logging: { level: "${level}" } }`;
    const outcomes = await Promise.allSettled(
      ["debug", "trace"].map((level) => client.request("config.patch", { raw: raw(level), baseHash: hash })),
    );
    const refused = outcomes.filter((each) => each.status === "rejected");
    assert.equal(refused.length, 1);
    assert.match(String(refused[0]?.reason), /config changed since last load; re-run config\.get and retry/);
  }));

test("a restart that was asked for several times is one", () =>
  withGateway(({ place }) =>
    lasting(place, async (client) => {
      let lives = 0;
      client.onState(({ phase }) => void (lives += phase === "open" ? 1 : 0));
      for (const path of ["/a", "/b", "/c"])
        await write(client, "config.patch", `{ gateway: { controlUi: { basePath: "${path}" } } }`, {
          restartDelayMs: 2500,
        });
      await until("the client is back", () => lives > 0 && client.state.phase === "open");
      await pause(1000);
      assert.equal(lives, 1);
      assert.equal((await get(client)).config.gateway.controlUi.basePath, "/c");
    }),
  ));

test("the schema is served with hints for forms", () =>
  withGateway(async ({ running: { client } }) => {
    const answer = (await client.request("config.schema", {})) as unknown as {
      uiHints: Record<string, { label?: string; sensitive?: boolean }>;
      schema: { properties: object };
    };
    assert.equal(answer.uiHints["gateway.auth.token"]?.sensitive, true);
    assert.ok(Object.keys(answer.schema.properties).length > 30);
    const found = (await client.request("config.schema.lookup", { path: "gateway.port" })) as { reloadKind?: string };
    assert.equal(found.reloadKind, "restart");
  }));

test("killed in the middle of config.apply, the gateway finds a whole file at its next start", async () => {
  const model = await startModelServer({ api: "openai-completions", script: { text: ["hello"] } });
  const place = await makePlace(model.url, { logging: { maxFileBytes: 1 } });
  const path = join(place.state, "openclaw.json");
  try {
    for (let round = 0; round < 6; round += 1) {
      const running = await start(place);
      const { client } = running;
      let written = 0;
      const writing = (async () => {
        for (let at = 1; at <= 25; at += 1) {
          const { raw } = await get(client);
          await write(
            client,
            "config.apply",
            raw.replace(/"maxFileBytes": ?\d+/, `"maxFileBytes": ${round * 100 + at}`),
          );
          written = round * 100 + at;
        }
      })().catch(() => undefined);
      await until("some were written", () => written >= round * 100 + 1 + round);
      await pause(round * 3);
      await running.kill();
      await writing;
      const found = JSON.parse(readFileSync(path, "utf8")) as {
        logging: { maxFileBytes: number };
        gateway: { auth: { token: string } };
      };
      assert.ok(found.logging.maxFileBytes >= written, `${found.logging.maxFileBytes} < ${written}`);
      assert.equal(found.gateway.auth.token, TOKEN);
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
    const last = await start(place);
    await write(last.client, "config.set", (await get(last.client)).raw);
    await last.stop();
  } finally {
    await model.close();
    place.end();
  }
});
