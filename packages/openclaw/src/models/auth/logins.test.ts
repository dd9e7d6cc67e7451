import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import type { FailureClass, ModelFailure } from "../../contracts/model.ts";
import { Fault } from "../../base/errors.ts";
import { world } from "./world.fixture.ts";

const key = (text: string, more: object = {}) => ({ type: "api_key", provider: "acme", key: text, ...more });
const two = { version: 1, profiles: { "acme:default": key("k-default"), "acme:work": key("k-work") } };
const fails = (kind: FailureClass, more: Partial<ModelFailure> = {}): ModelFailure => ({
  class: kind,
  message: "no",
  ...more,
});
const refused = (code: string, message?: string) => (error: unknown) =>
  error instanceof Fault && error.code === code && (message === undefined || error.message === message);

describe("which login is taken", () => {
  const table: readonly [string, object, Record<string, string>, Record<string, unknown>, string][] = [
    ["a stored login before the environment", two, { ACME_API_KEY: "k-env" }, {}, "k-default"],
    [
      "the environment before the configuration",
      {},
      { ACME_API_KEY: "k-env" },
      { models: { providers: { acme: { apiKey: "k-own" } } } },
      "k-env",
    ],
    [
      "the configuration where it leads elsewhere",
      {},
      { ACME_API_KEY: "k-env" },
      { models: { providers: { acme: { apiKey: "k-own", baseUrl: "https://proxy.test", api: "silent" } } } },
      "k-own",
    ],
    ["one key above all others", {}, { ACME_API_KEY: "k-env", OPENCLAW_LIVE_ACME_KEY: "k-live" }, {}, "k-live"],
    ["the first of a list of keys", {}, { ACME_API_KEY: "k-env", ACME_API_KEYS: " k-1 ; k-2" }, {}, "k-1"],
    ["a numbered key where there is no other", {}, { ACME_API_KEY_2: "k-2" }, {}, "k-2"],
    ["the order of the configuration", two, {}, { auth: { order: { "acme-ai": ["acme:work"] } } }, "k-work"],
    [
      "the agent's own order before it",
      { ...two, order: { acme: ["acme:default"] } },
      {},
      { auth: { order: { acme: ["acme:work"] } } },
      "k-default",
    ],
    ["what worked last", { ...two, lastGood: { acme: "acme:work" } }, {}, {}, "k-work"],
    ["what rested longest", { ...two, usageStats: { "acme:default": { lastUsed: 5 } } }, {}, {}, "k-work"],
    [
      "a token before a key",
      { profiles: { "acme:default": key("k"), "acme:manual": { type: "token", provider: "acme", token: "t" } } },
      {},
      {},
      "t",
    ],
    [
      "nobody whose time is over",
      { profiles: { "acme:a": { type: "token", provider: "acme", token: "t", expires: 5 }, "acme:b": key("k") } },
      {},
      {},
      "k",
    ],
    [
      "a login under another name of the provider",
      { profiles: { "acme:a": key("k", { provider: "Acme-AI" }) } },
      {},
      {},
      "k",
    ],
    [
      "what a reference names",
      { profiles: { "acme:a": { type: "api_key", provider: "acme", keyRef: { source: "file", id: "/acme" } } } },
      {},
      {},
      "kept-/acme",
    ],
    [
      "a key that was pasted over several lines",
      { profiles: { "acme:a": key("  k-1\r\n  k-2 \n") } },
      {},
      {},
      "k-1k-2",
    ],
  ];
  for (const [title, store, env, root, expected] of table) {
    it(`takes ${title}`, async (t) => {
      const { models, config } = await world(t, { store, env, root });
      assert.equal((await models.resolve("acme/m1", config)).apiKey, expected);
    });
  }

  it("says for whom there is none, and lets keys of the environment serve every agent", async (t) => {
    const root = { agents: { list: [{ id: "main" }, { id: "ops" }] } };
    const { models, config } = await world(t, { store: two, root, env: { OTHER_API_KEY: "k" } });
    await assert.rejects(
      models.resolve("acme/m1", config, { agentId: "ops" }),
      refused("MODEL_KEY_MISSING", 'No API key found for provider "acme".'),
    );
    assert.equal((await models.resolve("other/m1", config, { agentId: "ops" })).apiKey, "k");
  });

  it("refuses a key with a space inside, naming the place and not the key", async (t) => {
    const { models, config } = await world(t, { env: { ACME_API_KEY: "k-one k-two" } });
    await assert.rejects(models.resolve("acme/m1", config), (error: unknown) => {
      assert.ok(error instanceof Fault && error.code === "MODEL_KEY_UNUSABLE");
      assert.match(error.message, /ACME_API_KEY/);
      assert.doesNotMatch(`${error.message}${error.remedy}`, /k-one|k-two/);
      return true;
    });
  });

  it("names a login that an order or a person asks for and that is not there", async (t) => {
    const { models, config } = await world(t, {
      store: { ...two, order: { acme: ["acme:gone"] } },
      env: { ACME_API_KEY: "k" },
    });
    const text = 'No credentials found for profile "acme:gone".';
    await assert.rejects(models.resolve("acme/m1", config), refused("PROFILE_MISSING", text));
    const pin = { profileId: "acme:lost", by: "user" } as const;
    await assert.rejects(models.resolve("acme/m1", config, { pin }), refused("PROFILE_MISSING"));
    const preferred = await models
      .resolve("acme/m1", config, { pin: { profileId: "other:x", by: "user" } })
      .catch((e: Fault) => e.code);
    assert.equal(preferred, "PROFILE_MISSING", "a pin of another provider changes nothing");
  });
});

describe("after a failure", () => {
  it("turns to the next login and asks the first no more", async (t) => {
    const { models, config } = await world(t, { store: two });
    const first = await models.resolve("acme/m1", config);
    const next = await models.after({ ...first, params: { speed: 1 } }, fails("auth"), config);
    assert.deepEqual([next?.apiKey, next?.login?.id, next?.params], ["k-work", "acme:work", { speed: 1 }]);
    assert.equal((await models.resolve("acme/m1", config)).apiKey, "k-work");
    assert.equal(await models.after(next!, fails("auth"), config), undefined);
    await assert.rejects(
      models.resolve("acme/m1", config),
      (error: unknown) =>
        refused("PROFILES_UNAVAILABLE", "No available auth profile (all in cooldown/unavailable)")(error) &&
        /1 min/.test((error as Fault).remedy),
    );
  });

  it("tries one other login when the rate is limited, and another key of the environment", async (t) => {
    const store = { profiles: { ...two.profiles, "acme:third": key("k-3") } };
    const { models, config } = await world(t, { store });
    const next = await models.after(await models.resolve("acme/m1", config), fails("rate_limit"), config);
    assert.equal(next?.apiKey, "k-work");
    assert.equal(await models.after(next!, fails("rate_limit"), config), undefined);
    const keys = await world(t, { env: { ACME_API_KEYS: "k1,k2" } });
    const second = await keys.models.after(
      await keys.models.resolve("acme/m1", keys.config),
      fails("rate_limit"),
      keys.config,
    );
    assert.equal(second?.apiKey, "k2");
  });

  it("tries no other key of the environment when one is refused", async (t) => {
    const { models, config } = await world(t, { env: { ACME_API_KEYS: "k1,k2" } });
    assert.equal(await models.after(await models.resolve("acme/m1", config), fails("auth"), config), undefined);
    assert.equal((await models.resolve("acme/m1", config)).apiKey, "k2", "the next question goes to the other");
  });

  it("keeps to the login that a person chose", async (t) => {
    const { models, config } = await world(t, { store: two });
    const pin = { profileId: "acme:work", by: "user" } as const;
    const endpoint = await models.resolve("acme/m1", config, { pin });
    assert.deepEqual([endpoint.apiKey, endpoint.login?.pinned], ["k-work", true]);
    assert.equal(await models.after(endpoint, fails("billing"), config), undefined);
    await assert.rejects(models.resolve("acme/m1", config, { pin }), refused("PROFILES_UNAVAILABLE"));
    assert.equal((await models.resolve("acme/m1", config, { pin: { ...pin, by: "auto" } })).apiKey, "k-default");
  });

  it("pauses one model where the limit was its own", async (t) => {
    const { models, config } = await world(t, { env: { ACME_API_KEY: "k" } });
    await models.after(await models.resolve("acme/m1", config), fails("rate_limit"), config);
    await assert.rejects(models.resolve("acme/m1", config), refused("PROFILES_UNAVAILABLE"));
    assert.equal((await models.resolve("acme/m2", config)).apiKey, "k");
  });

  it("lets a paused login be tried now and then when nothing else is left", async (t) => {
    const { models, config, clock } = await world(t, { env: { ACME_API_KEY: "k" } });
    const ask = () =>
      models.resolve("acme/m1", config, { despite: true }).then(
        ({ apiKey }) => apiKey,
        () => "no",
      );
    await models.after(await models.resolve("acme/m1", config), fails("rate_limit"), config);
    assert.deepEqual([await ask(), await ask()], ["k", "no"]);
    clock.pass(31_000);
    assert.equal(await ask(), "k");
  });

  it("forgets the pause of a key that was replaced", async (t) => {
    const { models, config, write } = await world(t, { store: { profiles: { "acme:a": key("k-old") } } });
    await models.after(await models.resolve("acme/m1", config), fails("billing"), config);
    await assert.rejects(models.resolve("acme/m1", config), refused("PROFILES_UNAVAILABLE"));
    write({ profiles: { "acme:a": key("k-new") } });
    assert.equal((await models.resolve("acme/m1", config)).apiKey, "k-new");
  });
});

describe("what is remembered", () => {
  it("survives a restart, for keys of the environment too, and is cleared by a success", async (t) => {
    const made = await world(t, { store: two, env: { OTHER_API_KEY: "k" } });
    const { models, config } = made;
    const other = await models.resolve("other/m1", config);
    await models.after(other, fails("billing"), config);
    await models.after(await models.resolve("acme/m1", config), fails("auth"), config);
    await made.close();
    const again = await made.second();
    await assert.rejects(again.resolve("other/m1", config), refused("PROFILES_UNAVAILABLE"));
    const login = await again.resolve("acme/m1", config);
    assert.equal(login.apiKey, "k-work");
    again.worked(login);
    again.worked({ ...other });
    made.clock.pass(300);
    await made.close();
    const { lastGood, usageStats } = made.read();
    assert.equal(lastGood?.["acme"], "acme:work");
    assert.ok(Number(usageStats?.["env:OTHER_API_KEY"]?.["disabledUntil"]) > 0);
    assert.doesNotMatch(JSON.stringify(usageStats), /k-work|k-default/);
  });

  it("reaches another process, and keeps what that one wrote", async (t) => {
    const made = await world(t, {
      store: { ...two, note: "mine", profiles: { ...two.profiles, odd: { type: "strange" } } },
    });
    const { models, config, clock } = made;
    const other = await made.second();
    assert.equal((await other.resolve("acme/m1", config)).apiKey, "k-default");
    await models.after(await models.resolve("acme/m1", config), fails("auth"), config);
    clock.pass(300);
    for (let turn = 0; turn < 100 && !("usageStats" in made.read()); turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    clock.pass(600);
    assert.equal((await other.resolve("acme/m1", config)).apiKey, "k-work");
    const { note, profiles } = made.read();
    assert.deepEqual([note, profiles["odd"]], ["mine", { type: "strange" }]);
  });

  it("writes nothing for a key of the environment that works", async (t) => {
    const { models, config, path, close } = await world(t, { env: { ACME_API_KEY: "k" } });
    models.worked(await models.resolve("acme/m1", config));
    await close();
    assert.equal(existsSync(path()), false);
  });
});
