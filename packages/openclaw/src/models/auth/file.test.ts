import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { systemClock } from "../../base/time.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import { ProfileFile } from "./file.ts";
import { world } from "./world.fixture.ts";

/** Old enough that nobody is in the middle of writing it. */
function settle(path: string): void {
  utimesSync(path, 1_000_000, 1_000_000);
}

describe("the file of logins", () => {
  it("is kept aside when it is broken, and nothing in it is lost", async (t) => {
    const broken = '{ "profiles": { "acme:a": { "type": "api_key", "key": "k-broken" ';
    const { models, config, path, log } = await world(t, { store: broken, env: { ACME_API_KEY: "k" } });
    settle(path());
    assert.equal((await models.resolve("acme/m1", config)).apiKey, "k");
    const aside = readdirSync(dirname(path())).filter((name) => name.includes(".corrupt-"));
    assert.equal(readFileSync(path(aside[0]), "utf8"), broken);
    assert.equal(statSync(path(aside[0])).mode & 0o777, 0o600);
    assert.match(log.join("\n"), /kept aside/);
    assert.doesNotMatch(log.join("\n"), /k-broken/);
  });

  it("is left alone while somebody seems to be writing it, and read when they are done", async (t) => {
    const made = await world(t, { store: { profiles: { "acme:a": { type: "api_key", provider: "acme", key: "k" } } } });
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "k");
    made.write('{ "profiles": {');
    utimesSync(made.path(), made.clock.wall / 1000, made.clock.wall / 1000);
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "k", "what was known still holds");
    assert.ok(existsSync(made.path()));
    made.write({ profiles: { "acme:a": { type: "api_key", provider: "acme", key: "k-2" } } });
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "k-2");
  });

  it("loses the permissions that others have on it", async (t) => {
    const { models, config, path } = await world(t, { store: { profiles: {} }, env: { ACME_API_KEY: "k" } });
    writeFileSync(path(), '{"profiles":{}}', { mode: 0o644 });
    await models.resolve("acme/m1", config);
    assert.equal(statSync(path()).mode & 0o077, 0);
  });

  it("is rewritten from the flat form of before, with a backup", async (t) => {
    const flat = {
      acme: { apiKey: "k-flat", note: "x" },
      other: { type: "oauth", access: "a", refresh: "r", expires: 9e15, email: "me@example.com" },
    };
    const { models, config, path, read } = await world(t, { store: flat });
    assert.equal((await models.resolve("acme/m1", config)).apiKey, "k-flat");
    assert.equal((await models.resolve("other/m1", config)).login?.id, "other:me@example.com");
    const backup = readdirSync(dirname(path())).find((name) => name.includes(".legacy-"));
    assert.deepEqual(JSON.parse(readFileSync(path(backup), "utf8")), flat);
    assert.deepEqual(read().profiles["acme:default"], { type: "api_key", provider: "acme", key: "k-flat", note: "x" });
  });

  it("takes over auth.json and oauth.json once, below what is there", async (t) => {
    const made = await world(t, {
      store: { profiles: { "acme:default": { type: "api_key", provider: "acme", key: "k-mine" } } },
    });
    writeFileSync(
      made.path("auth.json"),
      JSON.stringify({ acme: { type: "api_key", key: "k-old" }, other: { type: "api_key", key: "k-other" } }),
    );
    mkdirSync(join(made.state, "credentials"));
    const oauth = join(made.state, "credentials", "oauth.json");
    writeFileSync(oauth, JSON.stringify({ "openai-codex": { access: "a", refresh: "r", expires: 9e15 } }));
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "k-mine");
    assert.equal((await made.models.resolve("other/m1", made.config)).apiKey, "k-other");
    assert.equal((await made.models.resolve("openai-codex/m1", made.config)).apiKey, "a");
    assert.deepEqual([existsSync(oauth), existsSync(made.path("auth.json"))], [false, false]);
    assert.equal(readdirSync(dirname(oauth)).length, 1, "the old file is still there under another name");
  });

  it("loses no change when many are made at once, by two holders", async (t) => {
    const { path } = await world(t);
    const open = () => new ProfileFile({ dir: dirname(path()), clock: systemClock, log: quietLog });
    const [one, two] = [open(), open()];
    const add = (file: ProfileFile, id: string) =>
      file.update((raw) => ({
        ...raw,
        profiles: { ...(raw["profiles"] as object), [id]: { type: "api_key", provider: "acme", key: id } },
      }));
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(at % 2 ? one : two, `acme:${at}`)));
    assert.equal((await open().fresh()).profiles.size, 20);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(dirname(path())), ["auth-profiles.json"], "no lock and no temporary file is left");
  });
});
