import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatCommandCall } from "../../contracts/chat.ts";
import type { Principal } from "../../contracts/principal.ts";
import { execForTurn, keepExec } from "./_chat-exec.ts";

/** A session in which commands are denied, and a configuration that lets them run. */
function call(principal: Principal, rest: string) {
  const kept: Record<string, unknown>[] = [];
  const services: Readonly<Record<string, unknown>> = {
    config: { current: () => ({ at: () => undefined, section: () => ({ exec: {}, fs: {} }), root: {} }) },
    sessions: {
      get: async () => ({ entry: { execSecurity: "deny" } }),
      ensure: async () => {},
      patch: async (_key: string, { set }: { set: Record<string, unknown> }) => void kept.push(set),
    },
  };
  const use = async ({ name }: { name: string }) => services[name];
  return { kept, call: { use, principal, rest, agentId: "main", sessionKey: "k" } as unknown as ChatCommandCall };
}

const device = (scopes: readonly string[]): Principal => ({ kind: "device", id: "d", role: "owner", scopes });
const owner: Principal = { kind: "person", id: "telegram:default:1", role: "owner", scopes: [] };

for (const [who, principal, mayLoosen] of [
  ["an owner", owner, true],
  ["a device with every right", device(["operator.admin"]), true],
  ["a device that may only write", device(["operator.read", "operator.write"]), false],
  ["somebody who acts for an owner", { ...owner, kind: "agent", parent: owner }, false],
  ["a member", { ...owner, role: "member" }, false],
] as const)
  test(`${who} ${mayLoosen ? "makes" : "cannot make"} commands less strict, and may make them stricter`, async () => {
    const looser = call(principal, "reset");
    if (mayLoosen) await keepExec(looser.call);
    else await assert.rejects(keepExec(looser.call), { code: "EXEC_LOOSENED" });
    assert.equal(looser.kept.length, mayLoosen ? 1 : 0);
    const turn = execForTurn(call(principal, "security=full").call);
    if (mayLoosen) assert.deepEqual(await turn, { preferences: { execSecurity: "full" } });
    else await assert.rejects(turn, { code: "EXEC_LOOSENED" });
    const stricter = call(principal, "ask=always");
    await keepExec(stricter.call);
    assert.deepEqual(stricter.kept, [{ execAsk: "always" }]);
  });
