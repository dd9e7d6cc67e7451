import assert from "node:assert/strict";
import { test } from "node:test";
import { defineErrors, fault } from "../../base/errors.ts";
import type { CheckContext } from "../../contracts/check.ts";
import { checks } from "./checks.ts";

const spec = fault({ status: 503, rpc: "UNAVAILABLE", say: () => "It does not.", remedy: "Start it." });
const errors = defineErrors({ GATEWAY_UNREACHABLE: spec, CLI_URL_INVALID: spec });
const paths = { home: "/nowhere", state: "/nowhere/at/all", config: "/nowhere/openclaw.json" };

async function found(call: () => Promise<unknown>) {
  const [check] = checks;
  return (await check?.run({ platform: { paths }, call } as unknown as CheckContext))?.[0];
}

test("a gateway that answers is well", async () => {
  assert.deepEqual(await found(async () => ({})), { level: "ok", message: "The gateway answers." });
});

test("a gateway that nobody started is no trouble, with how to start it", async () => {
  const finding = await found(() => Promise.reject(errors.GATEWAY_UNREACHABLE()));
  assert.deepEqual([finding?.level, finding?.remedy], ["info", "Start it."]);
});

test("a gateway that cannot be asked for another reason is a warning", async () => {
  assert.equal((await found(() => Promise.reject(errors.CLI_URL_INVALID())))?.level, "warn");
});
