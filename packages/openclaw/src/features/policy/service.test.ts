import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fakeConfig, toolWorld } from "../../../../../test/conformance/toolWorld.ts";
import type { Principal, Role } from "../../contracts/principal.ts";
import { closed } from "../../contracts/schema.ts";
import type { Provider, Token } from "../../contracts/service.ts";
import { defineTool, type Effect, type Tool } from "../../contracts/tool.ts";
import { StoreToken, type AuditRow } from "../../store/index.ts";
import { Models } from "../../models/index.ts";
import { Agents } from "../agents/index.ts";
import { Sessions } from "../sessions/index.ts";
import { withApprovals, parseApprovals } from "./_host-rules.ts";
import { Policy, ToolRegistry, execGate, type Act, type ExecGate } from "./index.ts";
import { execConfig } from "./settings.ts";
import { methods } from "./methods.ts";
import { services } from "./service.ts";

const tool = (name: string, group: string, effect: Effect) =>
  defineTool({
    name,
    group,
    effect,
    label: name,
    summary: name,
    description: name,
    params: closed({}),
    load: () => Promise.reject(new Error("not loaded")),
  });
const IMAGE: Tool = {
  ...tool("image", "media", "read"),
  isFor: (_config, _agent, { seesImages }) => seesImages === true,
};
const TOOLS = [
  tool("read", "fs", "read"),
  tool("write", "fs", "write"),
  tool("exec", "runtime", "exec"),
  tool("session_status", "sessions", "read"),
  IMAGE,
];

const person = (role: Role): Principal => ({ kind: "person", id: "telegram:default:1", role, scopes: [] });
const fake = <T>(of: Token<T>, value: Partial<T>): Provider => ({ token: of, make: () => value });

async function policy(t: TestContext, config: Record<string, unknown> = {}, approvals?: unknown) {
  const audit: AuditRow[] = [];
  const world = await toolWorld(t, {
    config,
    services: [
      ...(services as readonly Provider[]),
      fake(ToolRegistry, TOOLS),
      fake(Agents, {
        get: (id) =>
          id === "main"
            ? ({ id, workspace: "/ws", model: { primary: "openai/gpt-5.2", fallbacks: [] } } as never)
            : undefined,
        default: () => ({ id: "main", model: { fallbacks: [] } }) as never,
      }),
      fake(Sessions, { get: async () => undefined }),
      fake(Models, {
        defaultRef: (_config, ref) => ref ?? "offline/assistant",
        list: async () => [{ provider: "openai", row: { id: "gpt-5.2", input: ["text", "image"] } } as never],
      }),
      fake(StoreToken, {
        audit: { record: (row: AuditRow) => void audit.push(row), recent: async () => audit },
        runEvents: { record: () => 0 },
      } as never),
    ],
  });
  if (approvals !== undefined) {
    await mkdir(world.platform.paths.state, { recursive: true });
    await writeFile(
      join(world.platform.paths.state, "exec-approvals.json"),
      typeof approvals === "string" ? approvals : JSON.stringify(approvals),
    );
  }
  const service = await world.use(Policy);
  const toolset = (over: { principal?: Principal; sessionKey?: string } = {}) =>
    service
      .toolset({
        config: fakeConfig(config),
        agentId: "main",
        provider: "openai",
        model: "gpt-5.2",
        sessionKey: "agent:main:main",
        principal: person("owner"),
        ...over,
      })
      .map(({ name }) => name);
  return { service, toolset, audit, world };
}

const execAct = (exact: Record<string, unknown> = {}): Act => ({
  effect: "exec",
  tool: "exec",
  preview: { target: "git status", exact: { argv: ["git", "status"], resolved: "/usr/bin/git", ...exact } },
});

describe("the policy of a run", () => {
  it("gives owners everything and guests what only reads", async (t) => {
    const { toolset } = await policy(t);
    assert.deepEqual(toolset(), ["exec", "read", "session_status", "write"]);
    assert.deepEqual(toolset({ principal: person("guest") }), ["read", "session_status"]);
    assert.deepEqual(toolset({ principal: person("stranger") }), []);
  });

  it("gives guests what the agent's own configuration names, not what a wildcard or the global list does", async (t) => {
    const own = await policy(t, { agents: { list: [{ id: "main", tools: { allow: ["read", "exec"] } }] } });
    assert.deepEqual(own.toolset({ principal: person("guest") }), ["exec", "read"]);
    const wild = await policy(t, {
      agents: { list: [{ id: "main", tools: { allow: ["*"] } }] },
      tools: { allow: ["exec", "read"] },
    });
    assert.deepEqual(wild.toolset({ principal: person("guest") }), ["read"]);
  });

  it("applies the sandbox policy to sandboxed sessions only", async (t) => {
    const config = {
      agents: { defaults: { sandbox: { mode: "non-main" } } },
      tools: { sandbox: { tools: { allow: ["read"], deny: [] } } },
    };
    const { toolset } = await policy(t, config);
    assert.deepEqual(toolset(), ["exec", "read", "session_status", "write"]);
    assert.deepEqual(toolset({ sessionKey: "agent:main:telegram:group:1" }), ["read"]);
  });

  it("takes session tools from sub-agents", async (t) => {
    const { toolset } = await policy(t);
    assert.deepEqual(toolset({ sessionKey: "agent:main:subagent:1" }), ["exec", "read", "write"]);
  });

  it("refuses to run with an allow list that leaves nothing", async (t) => {
    const { toolset } = await policy(t, { tools: { allow: ["cron"] } });
    assert.throws(() => toolset(), { code: "TOOLSET_EMPTY" });
  });

  it("refuses to run with agent settings that it does not understand", async (t) => {
    const { toolset } = await policy(t, { agents: { list: [{ id: "main", tools: { deny: "exec" } }] } });
    assert.throws(() => toolset(), { code: "AGENT_TOOLS_INVALID", message: /\/deny: must be array/ });
  });

  it("records every verdict with the rule that decided", async (t) => {
    const { service, audit, world } = await policy(t);
    const context = world.gate(TOOLS);
    assert.equal(service.judge(execAct(), context).verdict, "allow");
    assert.equal(service.judge(execAct({ host: "gateway" }), context).verdict, "ask");
    assert.deepEqual(
      audit.map(({ actor, action, target, verdict, rule }) => [actor, action, target, verdict, rule]),
      [
        ["system:gateway", "tool.exec", "git status", "allow", "exec-implicit-host"],
        ["system:gateway", "tool.exec", "git status", "ask", "exec-needs-approval"],
      ],
    );
  });

  it("honours the host's approvals file on an explicit host and ignores it otherwise", async (t) => {
    const { service, world } = await policy(
      t,
      {},
      {
        version: 1,
        defaults: { security: "allowlist" },
        agents: { main: { allowlist: [{ pattern: "/usr/bin/git" }] } },
      },
    );
    const context = world.gate(TOOLS);
    assert.equal(service.judge(execAct({ host: "gateway" }), context).rule, "exec-allowlisted");
    assert.equal(service.judge(execAct(), context).rule, "exec-implicit-host");
  });

  it("denies on an explicit host when the approvals file is damaged", async (t) => {
    const { service, world } = await policy(t, {}, "{");
    assert.equal(service.judge(execAct({ host: "gateway" }), world.gate(TOOLS)).rule, "exec-denied");
  });
});

describe("the host's approvals file", () => {
  const exec: ExecGate = { host: "gateway", security: "allowlist", ask: "on-miss", safeBins: [] };
  const who = { agentId: "main", home: "/home/u" };
  const file = (text: unknown) => parseApprovals(JSON.stringify(text));
  it("can only make it stricter", () => {
    const open = file({ version: 1, agents: { main: { security: "full", ask: "off" } } });
    assert.deepEqual(withApprovals(exec, open, who).exec, exec);
    const strict = file({ version: 1, agents: { "*": { security: "deny", ask: "always" } } });
    assert.deepEqual(withApprovals(exec, strict, who).exec, { ...exec, security: "deny", ask: "always" });
  });
  it("says nothing when it is not there, and expands the home folder in patterns", () => {
    assert.deepEqual(withApprovals(exec, parseApprovals(undefined), who), { exec, allowlist: [], askFallback: "deny" });
    const own = file({
      version: 1,
      agents: { main: { allowlist: [{ pattern: "~/bin/*" }] }, "*": { allowlist: [{ pattern: "/x" }] } },
    });
    assert.deepEqual(withApprovals(exec, own, who).allowlist, ["/home/u/bin/*"]);
  });
});

describe("tools.exec in force", () => {
  const gate = (exec: object, own?: object) => {
    const { host, security, ask } = execGate(
      execConfig(
        fakeConfig({ tools: { exec }, agents: { list: [{ id: "main", ...(own ? { tools: { exec: own } } : {}) }] } }),
        "main",
      ),
    );
    return [host, security, ask];
  };
  it("is the implicit host when nothing is said", () =>
    assert.deepEqual(gate({}), ["implicit", "allowlist", "on-miss"]));
  it("is explicit as soon as a host, a security level or an ask mode is named", () => {
    assert.deepEqual(gate({ host: "gateway" }), ["gateway", "allowlist", "on-miss"]);
    assert.deepEqual(gate({ security: "full" }), ["gateway", "full", "on-miss"]);
    assert.deepEqual(gate({ ask: "always" }), ["gateway", "allowlist", "always"]);
    assert.deepEqual(gate({ host: "auto" }), ["implicit", "allowlist", "on-miss"]);
  });
  it("takes the agent's own value first", () =>
    assert.deepEqual(gate({ security: "full" }, { security: "deny" }), ["gateway", "deny", "on-miss"]));
});

describe("the methods of tools", () => {
  const run = async (t: TestContext, name: string, params: object) => {
    const { world } = await policy(t, { tools: { deny: ["exec"] } });
    const method = methods.find((m) => m.name === name);
    return method?.run({ use: world.use, caller: { principal: person("owner") } } as never, params as never) as Promise<
      Record<string, unknown>
    >;
  };
  it("list every tool by group with the profiles that contain it", async (t) => {
    const catalog = await run(t, "tools.catalog", {});
    assert.deepEqual(
      (catalog["profiles"] as { id: string }[]).map(({ id }) => id),
      ["minimal", "coding", "messaging", "full"],
    );
    const groups = catalog["groups"] as { id: string; tools: { id: string; defaultProfiles: string[] }[] }[];
    assert.deepEqual(
      groups.map(({ id, tools }) => [id, tools.map((x) => x.id)]),
      [
        ["fs", ["read", "write"]],
        ["runtime", ["exec"]],
        ["sessions", ["session_status"]],
        ["media", ["image"]],
      ],
    );
    assert.deepEqual(groups[2]?.tools[0]?.defaultProfiles, ["minimal", "coding", "messaging", "full"]);
  });
  it("list what the policy leaves to a conversation", async (t) => {
    const effective = await run(t, "tools.effective", { sessionKey: "agent:main:main" });
    assert.deepEqual([effective["agentId"], effective["profile"]], ["main", "full"]);
    assert.deepEqual(
      (effective["groups"] as { id: string }[]).map(({ id }) => id),
      ["fs", "sessions", "media"],
    );
  });
  it("name an agent that does not exist", async (t) => {
    await assert.rejects(run(t, "tools.catalog", { agentId: "x" }), {
      message: 'unknown agent id "x"',
      rpc: "INVALID_REQUEST",
    });
  });
});
