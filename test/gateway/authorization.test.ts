import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { methods } from "../../packages/openclaw/src/generated/methods.ts";
import { RECORDING, authorizationTable, logIn, outcome } from "./_authorization.ts";
import { wholeGateway } from "./_whole.ts";

test("every method lets in exactly the callers of the recorded table", async (t) => {
  const { port } = await wholeGateway(t);
  const recorded = (await readFile(RECORDING, "utf8")).split("\n");
  const found = (await authorizationTable(`ws://127.0.0.1:${port}`)).split("\n");
  const again = "record it anew with: node --conditions=openclaw-source scripts/authorization.ts --write";
  assert.deepEqual(found, recorded, `the table of who may call what has changed; when that is meant, ${again}`);
});

/** Methods whose params need more than the method itself: params, and what a caller with exactly `held` is told. */
const CASES: readonly (readonly [string, Record<string, unknown>, string, string])[] = [
  ["sessions.patch", { key: "main", label: "L" }, "write", "yes"],
  ["sessions.patch", { key: "main", label: "L", thinkingLevel: "off" }, "write", "!admin"],
  ["sessions.patch", { key: "main", execSecurity: "full" }, "write", "!admin"],
  ["sessions.patch", { key: "main", thinkingLevel: null }, "write", "!admin"],
  ["sessions.patch", { key: "main", thinkingLevel: null }, "admin", "yes"],
  ["sessions.patchMany", { keys: ["main"], patch: { label: "L" } }, "write", "yes"],
  ["sessions.patchMany", { keys: ["main"], patch: { execSecurity: "full" } }, "write", "!admin"],
  ["talk.config", {}, "read", "yes"],
  ["talk.config", { includeSecrets: true }, "read", "!talk.secrets"],
  ["talk.config", { includeSecrets: true }, "admin", "yes"],
  ["node.invoke", { nodeId: "n", command: "device.info", idempotencyKey: "a" }, "write", "yes"],
  ["node.invoke", { nodeId: "n", command: "browser.proxy", idempotencyKey: "b" }, "write", "!admin"],
];

test("scopes that depend on the params are asked for as well", async (t) => {
  const { port } = await wholeGateway(t);
  const clients = await logIn(`ws://127.0.0.1:${port}`);
  for (const [method, params, held, expected] of CASES) {
    const client = clients.get(held);
    assert.ok(client);
    assert.equal(await outcome(client, method, params), expected, `${method} ${JSON.stringify(params)} by ${held}`);
  }
  for (const client of clients.values()) client.close();
  const depending = methods.filter((method) => method.scopeFor).map(({ name }) => name);
  assert.deepEqual(
    depending.filter((name) => !CASES.some(([method]) => method === name)),
    [],
  );
});
