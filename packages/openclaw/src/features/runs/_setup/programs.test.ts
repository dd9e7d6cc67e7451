import assert from "node:assert/strict";
import { test } from "node:test";
import type { CliBackend } from "../../../contracts/cli-backend.ts";
import { OWNER_SCOPES, SYSTEM } from "../../../contracts/principal.ts";
import type { Principal, PrincipalKind, Role } from "../../../contracts/principal.ts";
import { assertServed, isUnattended, mayUsePrograms } from "./programs.ts";

const by = (role: Role, kind: PrincipalKind = "person", parent?: Principal): Principal => ({
  kind,
  id: "x",
  role,
  scopes: [],
  ...(parent && { parent }),
});
const owner = by("owner");
const guest = by("guest");
const program = { provider: "claude-cli", program: { command: "claude" } as CliBackend };

const WHO: readonly (readonly [string, Principal, boolean])[] = [
  ["the owner in a chat", owner, true],
  ["the owner's device", { kind: "device", id: "d", role: "owner", scopes: OWNER_SCOPES }, true],
  ["the gateway itself", SYSTEM, true],
  ["a helper of the owner", by("owner", "agent", owner), true],
  ["a job of the owner", by("owner", "job", owner), true],
  ["a member", by("member"), false],
  ["a guest", guest, false],
  ["a stranger", by("stranger"), false],
  ["a hook", by("member", "hook"), false],
  ["a node", by("guest", "device"), false],
  ["a caller over HTTP without every right", { ...by("member", "device"), scopes: ["operator.write"] }, false],
  ["a helper of a guest", by("owner", "agent", guest), false],
  ["a helper of a helper of a guest", by("owner", "agent", by("owner", "agent", guest)), false],
  ["a job that a member set up", by("owner", "job", by("member")), false],
];

for (const [who, principal, may] of WHO)
  test(`${who} ${may ? "may" : "may not"} have a program answer`, () => {
    assert.equal(mayUsePrograms({ principal, sandboxed: false }), may);
    const check = () => assertServed(program, { principal, sandboxed: false });
    if (may) assert.doesNotThrow(check);
    else assert.throws(check, { code: "CLI_BACKEND_OWNER_ONLY" });
    assert.doesNotThrow(() => assertServed({ provider: "openai" }, { principal, sandboxed: false }));
  });

test("in a sandbox nobody has a program answer, and nothing runs unattended because it is one", () => {
  assert.throws(() => assertServed(program, { principal: owner, sandboxed: true }), { code: "CLI_BACKEND_SANDBOXED" });
  const exec = { security: "full", ask: "off" } as Parameters<typeof isUnattended>[0]["exec"];
  assert.equal(isUnattended({ principal: owner, sandboxed: true, exec }), false);
  assert.equal(isUnattended({ principal: owner, sandboxed: false, exec }), true);
  assert.equal(isUnattended({ principal: owner, sandboxed: false, exec, confined: true }), false);
  assert.equal(isUnattended({ principal: guest, sandboxed: false, exec }), false);
});
