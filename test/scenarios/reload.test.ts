/** The configuration file changed under a running gateway. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startModelServer } from "../fakes/model-server.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";

async function withGateway(work: (running: Running, place: Place) => Promise<void>): Promise<void> {
  const model = await startModelServer({ api: "openai-completions", script: { text: ["hello"] } });
  const place = await makePlace(model.url);
  const running = await start(place);
  try {
    await work(running, place);
  } finally {
    await running.stop();
    await model.close();
    place.end();
  }
}

const path = (place: Place) => join(place.state, "openclaw.json");
const file = (place: Place) =>
  JSON.parse(readFileSync(path(place), "utf8")) as {
    agents: { defaults: { model: { primary: string } } };
    gateway: { port: number };
  };
/** The log so far; written with a short delay. */
const log = (place: Place) => {
  const at = join(place.home, "gateway.log");
  return existsSync(at) ? readFileSync(at, "utf8") : "";
};

async function until(what: string, ready: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`did not happen: ${what}`);
}

test("another model in the file answers the next message, without a restart", () =>
  withGateway(async ({ client }, place) => {
    const changed = new Promise<void>((resolve) => client.on("config.changed", () => resolve()));
    const config = file(place);
    config.agents.defaults.model.primary = "offline/assistant";
    writeFileSync(path(place), JSON.stringify(config));
    await changed;
    const answer = (await client.request(
      "agent",
      { message: "hello", idempotencyKey: "1" },
      { expectFinal: true },
    )) as { result: { meta: { agentMeta: { provider: string } } } };
    assert.equal(answer.result.meta.agentMeta.provider, "offline");
  }));

test("an invalid file changes nothing and the log says what is wrong", () =>
  withGateway(async ({ client }, place) => {
    const before = readFileSync(path(place), "utf8");
    writeFileSync(path(place), before.replace('"agents"', '"agnets"'));
    await until("the log names the key", () => log(place).includes("agnets"));
    const answer = (await client.request(
      "agent",
      { message: "hello", idempotencyKey: "1" },
      { expectFinal: true },
    )) as { status: string };
    assert.equal(answer.status, "ok");
  }));

test("what needs a restart is named", () =>
  withGateway(async (_running, place) => {
    const config = file(place);
    config.gateway.port += 1;
    writeFileSync(path(place), JSON.stringify(config));
    await until("the log names gateway.port", () => log(place).includes("restart required for gateway.port"));
  }));
