import assert from "node:assert/strict";
import { test } from "node:test";
import { principalOf } from "./caller.ts";

const login = (more: object) =>
  principalOf({ method: "trusted-proxy", scopes: [], params: { client: { id: "cli" } }, ...more } as never);

test("a user whom a proxy vouches for is the owner only with every right", () => {
  assert.equal(login({ user: "ada", scopes: ["operator.admin"] }).role, "owner");
  assert.equal(login({ user: "eve", scopes: ["operator.read", "operator.write"] }).role, "member");
  assert.equal(login({ user: "eve" }).id, "trusted-proxy:eve");
});

test("a paired device is the owner's, whatever it may do, and so is who holds the secret", () => {
  assert.equal(login({ user: "ada", deviceId: "d1", scopes: ["operator.read"] }).role, "owner");
  assert.deepEqual(login({ method: "token" }), { kind: "device", id: "client:cli", role: "owner", scopes: [] });
});
