import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fetch } from "../base/fetch.ts";
import { CurrentConfig } from "../contracts/bus.ts";
import type { MethodCall } from "../contracts/method.ts";
import type { Token } from "../contracts/service.ts";
import { VENDORS, world } from "./auth/world.fixture.ts";
import { authStatus } from "./_auth-status.ts";
import { Models, Vendors } from "./index.ts";
import { methods } from "./methods.ts";
import { fits } from "../contracts/schema.ts";
import type { World } from "./auth/world.fixture.ts";

const result = methods.find(({ name }) => name === "models.authStatus")?.result;
const STORE = {
  version: 1,
  profiles: {
    "acme:work": { type: "api_key", provider: "acme", key: "sk-work-secret" },
    "acme:home": { type: "api_key", provider: "acme", key: "sk-home-secret" },
  },
  order: { acme: ["acme:work", "acme:home"] },
  usageStats: { "acme:work": { disabledUntil: 1_790_000_000_000 + 3_600_000, disabledReason: "billing" } },
};
/** FAKE of this machine's ports: one of them serves a model. */
const fetch: Fetch = async (url) => {
  if (new URL(url).port !== "8080") throw new TypeError("refused");
  return Response.json({ object: "list", data: [{ id: "llama" }] });
};

function asked(w: World, question: Parameters<typeof authStatus>[1]) {
  const values = new Map<string, unknown>([
    [Models.name, w.models],
    [CurrentConfig.name, { current: () => w.config }],
    [Vendors.name, VENDORS],
  ]);
  const use = async <T>(token: Token<T>) => values.get(token.name) as T;
  return authStatus({ use, platform: { clock: w.clock, fetch } } as unknown as MethodCall, question);
}

test("logins stand in their order, with why one rests, until when, and who is next; secrets stay out", async (t) => {
  const answer = await asked(await world(t, { store: STORE, env: { OTHER_API_KEY: "sk-env-secret" } }), {});
  const acme = answer.providers.find(({ provider }) => provider === "acme");
  assert.deepEqual(
    acme?.profiles.map(({ profileId, status, reason, next }) => [profileId, status, reason, next]),
    [
      ["acme:work", "disabled", "billing", false],
      ["acme:home", "static", undefined, true],
    ],
  );
  assert.ok((acme?.profiles[0]?.until ?? 0) > answer.ts);
  const other = answer.providers.find(({ provider }) => provider === "other");
  assert.deepEqual(other?.apiKey, { source: "env", name: "OTHER_API_KEY", status: "ok", next: true });
  assert.doesNotMatch(JSON.stringify(answer), /secret/);
  assert.ok(result && fits(result, answer));
});

test("with `all` those that nobody has connected say how to connect them", async (t) => {
  const w = await world(t, { store: STORE });
  const some = await asked(w, {});
  assert.ok(!some.providers.some(({ provider }) => provider === "other"));
  const answer = await asked(w, { all: true });
  const other = answer.providers.find(({ provider }) => provider === "other");
  assert.ok(other && "keyEnv" in other);
  assert.deepEqual([other.status, other.keyEnv], ["missing", ["OTHER_API_KEY"]]);
  assert.ok(result && fits(result, answer));
});

test("with `refresh` servers on this machine are found, with the entry that makes them usable", async (t) => {
  const w = await world(t, {});
  const asking = asked(w, { refresh: true });
  const { servers } = await asking;
  assert.deepEqual(servers, [
    {
      ref: "local/llama",
      label: "Model server",
      where: "http://127.0.0.1:8080",
      provider: {
        id: "local",
        config: { baseUrl: "http://127.0.0.1:8080/v1", api: "openai-completions", models: [{ id: "llama" }] },
      },
    },
  ]);
  assert.equal((await asked(w, {})).servers, undefined);
});
