import assert from "node:assert/strict";
import { test } from "node:test";
import { login } from "./_client.ts";
import { openGateway } from "./_gateway.ts";

test("a method of a later version says so to whoever may call it, and is not announced", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => client.close());
  assert.deepEqual((await client.request("cron.list", { anything: 1 })).error, {
    code: "UNAVAILABLE",
    message: "cron.list is not available in this version.",
    retryable: false,
    details: { code: "METHOD_NOT_AVAILABLE", method: "cron.list" },
  });
  const hello = client.frames.find((frame) => frame.id === "connect")?.payload;
  assert.ok(!hello.features.methods.includes("cron.list"));
});

test("the scope of a method of a later version is checked first", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => client.close());
  assert.equal((await client.request("cron.add")).error?.message, "missing scope: operator.admin");
});

test("a name that nobody knows stays unknown", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  assert.equal((await client.request("cron.nope")).error?.message, "unknown method: cron.nope");
});
