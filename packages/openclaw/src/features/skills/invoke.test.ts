import assert from "node:assert/strict";
import { test } from "node:test";
import type { Principal } from "../../contracts/principal.ts";
import { callSkill } from "./_invoke.ts";
import type { SkillCommand } from "./index.ts";

const owner: Principal = { kind: "person", id: "telegram:default:1", role: "owner", scopes: [] };
const device = (...scopes: string[]): Principal => ({ kind: "device", id: "d", role: "owner", scopes });

for (const [who, principal, admin] of [
  ["an owner", owner, true],
  ["a device with every right", device("operator.admin", "operator.write"), true],
  ["a device that may only write", device("operator.write"), false],
  ["an agent that acts for an owner", { ...owner, kind: "agent", parent: owner }, false],
  ["a guest", { ...owner, role: "guest" }, false],
] as const)
  test(`the tool of a skill's command is called ${admin ? "with" : "without"} the rights of an administrator for ${who}`, async () => {
    const asked: unknown[] = [];
    const runs = {
      callTool: async (request: { admin: boolean; principal: Principal }) => {
        asked.push([request.admin, request.principal]);
        return { ok: true, result: { content: [{ type: "text", text: "boiled" }] } };
      },
    };
    const command = { name: "tea", skill: { name: "tea", filePath: "/SKILL.md", dispatch: { tool: "kettle" } } };
    const call = { use: async () => runs, sessionKey: "k", agentId: "main", principal };
    const answer = await callSkill(
      call as unknown as Parameters<typeof callSkill>[0],
      command as unknown as SkillCommand,
      "green",
    );
    assert.deepEqual([answer, asked], [{ reply: "boiled" }, [[admin, principal]]]);
  });
