import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { resolveToolset, type AllowDeny, type NamedTool, type ToolsetInput } from "./toolset.ts";

const tool = (name: string, group: string, aliases: string[] = []): NamedTool => ({ name, group, aliases });
const TOOLS = [
  tool("write", "fs"),
  tool("read", "fs"),
  tool("edit", "fs"),
  tool("exec", "runtime", ["bash"]),
  tool("process", "runtime"),
  tool("session_status", "sessions"),
  tool("web_fetch", "web"),
  tool("message", "messaging"),
];
const SESSION_TOOLS = [
  tool("read", "fs"),
  ...["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"].map((name) =>
    tool(name, "sessions"),
  ),
  ...["sessions_yield", "subagents"].map((name) => tool(name, "sessions")),
  tool("agents_list", "agents"),
  tool("cron", "automation"),
  tool("gateway", "automation"),
];
const ALL = TOOLS.map((t) => t.name).sort();

function names(input: Partial<ToolsetInput<NamedTool>>): string[] {
  return resolve(input).tools.map((t) => t.name);
}

function resolve(input: Partial<ToolsetInput<NamedTool>>) {
  return resolveToolset({ tools: TOOLS, global: {}, provider: "openai", model: "gpt-5.2", ...input });
}

describe("the set of tools", () => {
  const cases: [string, Partial<ToolsetInput<NamedTool>>, string[]][] = [
    ["is everything, sorted, without a policy", {}, ALL],
    ["is everything under the profile full", { global: { profile: "full" } }, ALL],
    [
      "follows a profile",
      { global: { profile: "coding" } },
      ["edit", "exec", "process", "read", "session_status", "write"],
    ],
    ["is session_status alone under minimal", { global: { profile: "minimal" } }, ["session_status"]],
    ["follows the messaging profile", { global: { profile: "messaging" } }, ["message", "session_status"]],
    [
      "lets an agent's profile replace the global one",
      { global: { profile: "minimal" }, agent: { profile: "messaging" } },
      ["message", "session_status"],
    ],
    [
      "adds alsoAllow to the profile",
      { global: { profile: "minimal", alsoAllow: ["web_fetch"] } },
      ["session_status", "web_fetch"],
    ],
    [
      "keeps the profile when allow names only channels",
      { global: { profile: "messaging", allow: ["slack", "discord"] } },
      ["message", "session_status"],
    ],
    ["keeps the core when allow names only plugin tools", { global: { allow: ["lobster"] } }, ALL],
    ["restricts when allow names a group that does not exist", { global: { allow: ["group:fss"] } }, []],
    ["restricts when a pattern fits only tools not built", { global: { allow: ["memory_*"] } }, []],
    [
      "denies a group everywhere",
      { global: { profile: "coding", deny: ["group:runtime"] } },
      ["edit", "read", "session_status", "write"],
    ],
    ["denies by alias", { global: { deny: ["BASH"] } }, ALL.filter((n) => n !== "exec")],
    ["denies by wildcard", { global: { deny: ["*"] } }, []],
    ["allows by wildcard and case", { global: { allow: ["W*"] } }, ["web_fetch", "write"]],
    ["lets deny beat allow", { agent: { allow: ["exec", "read"], deny: ["exec"] } }, ["read"]],
    [
      "does not let an agent restore what the global policy denies",
      { global: { deny: ["exec"] }, agent: { allow: ["exec", "read"] } },
      ["read"],
    ],
    ["restricts for a provider", { global: { byProvider: { OpenAI: { profile: "minimal" } } } }, ["session_status"]],
    ["leaves other providers alone", { global: { byProvider: { google: { profile: "minimal" } } } }, ALL],
    [
      "prefers a rule for the model to one for its provider",
      { global: { byProvider: { openai: { allow: ["read"] }, "openai/gpt-5.2": { allow: ["write"] } } } },
      ["write"],
    ],
    [
      "applies an agent's rule for a provider",
      { agent: { byProvider: { openai: { deny: ["group:fs"] } } } },
      ["exec", "message", "process", "session_status", "web_fetch"],
    ],
    ["applies group policies", { groups: [{ allow: ["group:fs"] }, { deny: ["write"] }] }, ["edit", "read"]],
    ["applies the sandbox policy", { sandbox: { allow: ["exec"], deny: ["discord"] } }, ["exec"]],
    ["takes session tools from sub-agents", { subagent: {} }, ALL.filter((n) => n !== "session_status")],
    [
      "does not give them back through a sub-agent allow",
      { subagent: { allow: ["session_status", "read"] } },
      ["read"],
    ],
    [
      "leaves those that may start sub-agents what they need for it",
      { tools: SESSION_TOOLS, subagent: {}, orchestrates: true },
      ["read", "sessions_history", "sessions_list", "sessions_spawn", "subagents"],
    ],
    ["leaves the others nothing of it", { tools: SESSION_TOOLS, subagent: {} }, ["read"]],
    [
      "lets the policy of sub-agents take it all the same",
      { tools: SESSION_TOOLS, subagent: { deny: ["sessions_spawn"] }, orchestrates: true },
      ["read", "sessions_history", "sessions_list", "subagents"],
    ],
  ];
  for (const [title, input, expected] of cases) {
    it(title, () => assert.deepEqual(names(input), expected));
  }

  it("includes apply_patch when exec or write is allowed", () => {
    const tools = [...TOOLS, tool("apply_patch", "fs")];
    assert.deepEqual(names({ tools, global: { allow: ["exec"] } }), ["apply_patch", "exec"]);
    assert.deepEqual(names({ tools, global: { allow: ["exec"], deny: ["apply_patch"] } }), ["exec"]);
  });

  it("warns about names that mean nothing and stays silent about documented ones", () => {
    assert.deepEqual(
      resolve({ global: { allow: ["read", "raed"], deny: ["group:nope", "discord", "cron"] } }).warnings,
      ['tools.allow: no tool is called "raed"', 'tools.deny: no tool is called "group:nope"'],
    );
  });

  it("says when an explicit allow list left nothing, and only then", () => {
    assert.equal(resolve({ global: { allow: ["cron"] } }).emptied, true);
    assert.equal(resolve({ global: { deny: ["*"] } }).emptied, false);
    assert.equal(resolve({ global: { allow: ["session_status"] }, subagent: {} }).emptied, false);
  });
});

describe("the set of tools, for any policy", () => {
  const entry = fc.oneof(
    fc.constantFrom(...ALL, "*", "group:fs", "group:runtime", "group:openclaw", "bash", "w*", "lobster", "cron"),
    fc.string({ maxLength: 6 }),
  );
  const list = fc.option(fc.array(entry, { maxLength: 4 }), { nil: undefined });
  const lists = fc.record({ allow: list, deny: list }) as fc.Arbitrary<AllowDeny>;
  const policy = fc.record({
    global: lists,
    agent: lists,
    groups: fc.array(lists, { maxLength: 2 }),
    sandbox: fc.option(lists, { nil: undefined }),
    subagent: fc.option(lists, { nil: undefined }),
  }) as fc.Arbitrary<Partial<ToolsetInput<NamedTool>>>;

  it("never contains what any step denies by name", () => {
    fc.assert(
      fc.property(
        policy,
        fc.constantFrom(...ALL),
        fc.constantFrom("global", "agent", "sandbox", "subagent"),
        (input, name, step) => {
          const denied = {
            ...input,
            [step]: { ...input[step], deny: [...((input[step] as AllowDeny)?.deny ?? []), name] },
          };
          assert.ok(!names(denied).includes(name));
        },
      ),
    );
  });

  it("never grows by a further step", () => {
    fc.assert(
      fc.property(policy, lists, (input, more) => {
        const before = new Set(names(input));
        assert.ok(names({ ...input, groups: [...(input.groups ?? []), more] }).every((name) => before.has(name)));
      }),
    );
  });

  it("is sorted and without doubles", () => {
    fc.assert(fc.property(policy, (input) => assert.deepEqual(names(input), [...new Set(names(input))].sort())));
  });
});
