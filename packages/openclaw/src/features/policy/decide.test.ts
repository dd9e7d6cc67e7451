import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Effect } from "../../contracts/tool.ts";
import type { Principal, Role } from "../../contracts/principal.ts";
import { decide } from "./decide.ts";
import type { Act, GateContext, Verdict } from "./index.ts";

const person = (role: Role, parent?: Principal): Principal => ({
  kind: "person",
  id: "telegram:default:1",
  role,
  scopes: [],
  ...(parent ? { parent } : {}),
});

const CONTEXT: GateContext = {
  principal: person("owner"),
  agentId: "main",
  sessionKey: "agent:main:main",
  runId: "r1",
  tools: new Set(["read", "write", "edit", "exec", "process", "session_status", "mystery"]),
  sandboxed: false,
  exec: { host: "implicit", security: "allowlist", ask: "on-miss", safeBins: ["head", "tr"] },
  fileRoots: [],
  labels: [],
  workspace: "/home/u/.openclaw/workspace",
  state: "/home/u/.openclaw",
  configFile: "/home/u/.openclaw/openclaw.json",
  granted: new Set(),
  allowlist: ["/usr/bin/git", "rg"],
};

const act = (tool: string, effect: string, exact: Record<string, unknown> = {}): Act => ({
  tool,
  effect: effect as Effect,
  preview: { target: String(exact["path"] ?? exact["command"] ?? tool), exact },
});
const read = (path: string) => act("read", "read", { path });
const write = (path: string) => act("write", "write", { path });
const exec = (argv: string[], more: Record<string, unknown> = {}) =>
  act("exec", "exec", { argv, resolved: `/usr/bin/${argv[0]}`, ...more });
const short = (v: Verdict) => `${v.verdict} ${v.rule}`;
const given = (over: Partial<GateContext>): GateContext => ({ ...CONTEXT, ...over });
const gateway = (over: Partial<GateContext["exec"]> = {}) =>
  given({ exec: { ...CONTEXT.exec, host: "gateway", ...over } });

type Row = [string, Act, GateContext, string];

function table(rows: Row[]): void {
  for (const [title, what, context, expected] of rows)
    it(title, () => assert.equal(short(decide(what, context)), expected));
}

describe("the gate, for everyone", () => {
  table([
    ["refuses a tool outside the run's set", act("gateway", "config"), CONTEXT, "deny tool-not-allowed"],
    ["refuses an effect it does not know", act("mystery", "teleport"), CONTEXT, "deny unknown-effect"],
    ...["network", "send", "config", "secret", "install"].map((e): Row => [
      `refuses ${e} for want of a rule`,
      act("mystery", e),
      CONTEXT,
      "deny effect-without-rule",
    ]),
    ["lets an agent set others to work", act("mystery", "spend"), CONTEXT, "allow inner-spend"],
    ["lets no guest set agents to work", act("mystery", "spend"), given({ principal: person("guest") }), "deny guest"],
    [
      "lets a file go with what is paid for",
      act("mystery", "spend", { path: "/tmp/a.png" }),
      CONTEXT,
      "allow spend-file",
    ],
    [
      "lets no file of the installation go with it",
      act("mystery", "spend", { path: "/home/u/.openclaw/credentials/x" }),
      CONTEXT,
      "deny protected-path",
    ],
    [
      "lets no file from outside its folders go with it",
      act("mystery", "spend", { path: "/etc/passwd" }),
      given({ fileRoots: [CONTEXT.workspace] }),
      "deny outside-file-roots",
    ],
    [
      "lets a file of a skill go with it, as it may be read",
      act("mystery", "spend", { path: "/skills/a.png" }),
      given({ fileRoots: [CONTEXT.workspace], readRoots: ["/skills"] }),
      "allow spend-file",
    ],
    [
      "lets no guest send a file along",
      act("mystery", "spend", { path: "/tmp/a.png" }),
      given({ principal: person("guest") }),
      "deny guest",
    ],
    ["refuses a write that names no file", act("write", "write"), CONTEXT, "deny effect-without-rule"],
    ["refuses strangers", read("/tmp/x"), given({ principal: person("stranger") }), "deny stranger"],
    ["refuses a role it does not know", read("/tmp/x"), given({ principal: person("admin" as Role) }), "deny stranger"],
    [
      "lets a child do no more than its parent",
      exec(["ls"]),
      given({ principal: person("owner", person("guest")) }),
      "deny guest",
    ],
    ["refuses a principal whose ancestry has no end", read("/tmp/x"), given({ principal: endless() }), "deny stranger"],
  ]);
});

describe("the gate, for files", () => {
  const member = given({ principal: person("member") });
  const withSkills = given({ fileRoots: ["/home/u/ws"], readRoots: ["/opt/skills/tea"] });
  const confined = given({ fileRoots: ["/home/u/ws"] });
  table([
    ["lets an owner read", read("/etc/hosts"), CONTEXT, "allow file-read"],
    ["lets a member write", write("/home/u/notes.md"), member, "allow file-write"],
    [
      "lets an agent work in its workspace below the state directory",
      write("/home/u/.openclaw/workspace/MEMORY.md"),
      CONTEXT,
      "allow file-write",
    ],
    ["keeps confined tools inside", write("/home/u/ws/a/b"), confined, "allow file-write"],
    ["refuses what lies beside the root", read("/home/u/ws-other/a"), confined, "deny outside-file-roots"],
    ["refuses what lies above the root", read("/home/u"), confined, "deny outside-file-roots"],
    ["lets a skill of the run be read", read("/opt/skills/tea/SKILL.md"), withSkills, "allow file-read"],
    ["lets no skill of the run be written", write("/opt/skills/tea/SKILL.md"), withSkills, "deny outside-file-roots"],
    ["refuses the skills beside those of the run", read("/opt/skills/milk"), withSkills, "deny outside-file-roots"],
    [
      "does not mistake a name that begins with dots for the way up",
      read("/home/u/ws/..notes"),
      confined,
      "allow file-read",
    ],
    ...[
      "/home/u/.openclaw/openclaw.json",
      "/home/u/.openclaw/openclaw.json.bak",
      "/home/u/.openclaw/credentials/telegram-pairing.json",
      "/home/u/.openclaw/agents/main/agent/auth-profiles.json",
      "/home/u/.openclaw/.env",
      "/home/u/.openclaw/identity/device.json",
      "/home/u/.openclaw/state.sqlite",
      "/home/u/.OpenClaw/Credentials/x",
      "/home/u/.openclaw/agents/main/sessions/s.jsonl",
      "/proc/self/environ",
    ].flatMap((path): Row[] => [
      [`never writes ${path}`, write(path), CONTEXT, "deny protected-path"],
      [`does not show a member ${path}`, read(path), member, "deny protected-path"],
    ]),
    ["lets the owner look at the configuration", read("/home/u/.openclaw/openclaw.json"), CONTEXT, "allow file-read"],
    [
      "guards secrets even when the workspace is the state directory",
      write("/home/u/.openclaw/credentials/x"),
      given({ workspace: "/home/u/.openclaw" }),
      "deny protected-path",
    ],
    ["lets a skill be written", write("/home/u/.openclaw/skills/tea/SKILL.md"), CONTEXT, "allow file-write"],
    ["reads the state of a session", act("session_status", "read"), CONTEXT, "allow inner-read"],
  ]);
});

describe("the gate, in a sandboxed session without a sandbox", () => {
  const sandboxed = given({ sandboxed: true });
  table([
    ["refuses commands", exec(["ls"]), sandboxed, "deny sandbox-unavailable"],
    ["refuses files", read("/home/u/.openclaw/workspace/a"), sandboxed, "deny sandbox-unavailable"],
    ["refuses commands that name a host", exec(["ls"], { host: "gateway" }), sandboxed, "deny sandbox-unavailable"],
    ["still tells the session's status", act("session_status", "read"), sandboxed, "allow inner-read"],
  ]);
});

describe("the gate, for members", () => {
  const member = given({ principal: person("member") });
  const helper = given({ principal: person("owner", person("member")) });
  const notes = "/home/u/.openclaw/workspace/MEMORY.md";
  table([
    ["refuses the owner's notes", read(notes), member, "deny personal-notes"],
    ["refuses to change them", write(notes), member, "deny personal-notes"],
    ["refuses them to whoever acts for a member", read(notes), helper, "deny personal-notes"],
    ["lets the owner read them", read(notes), CONTEXT, "allow file-read"],
    ["lets them read other notes", read("/home/u/.openclaw/workspace/memory/a.md"), member, "allow file-read"],
    ["lets them write files", write("/home/u/.openclaw/workspace/a"), member, "allow file-write"],
  ]);
});

describe("the gate, for guests", () => {
  const guest = given({ principal: person("guest") });
  const granted = given({ principal: person("guest"), granted: new Set(["exec", "write"]) });
  table([
    ["lets them read the workspace", read("/home/u/.openclaw/workspace/a"), guest, "allow guest"],
    ["lets them ask for the status", act("session_status", "read"), guest, "allow guest"],
    ["refuses the owner's notes", read("/home/u/.openclaw/workspace/MEMORY.md"), guest, "deny guest"],
    ["refuses them in other letters", read("/home/u/.openclaw/workspace/memory.md"), guest, "deny guest"],
    ["lets them read other notes", read("/home/u/.openclaw/workspace/docs/MEMORY.md"), guest, "allow guest"],
    ["refuses other files", read("/etc/hosts"), guest, "deny guest"],
    ["refuses other tools that read", act("mystery", "read"), guest, "deny guest"],
    ["refuses writing", write("/home/u/.openclaw/workspace/a"), guest, "deny guest"],
    ["refuses commands", exec(["ls"]), guest, "deny guest"],
    ["refuses looking after commands", act("process", "exec", { action: "list" }), guest, "deny guest"],
    ["permits what the agent's configuration names", exec(["ls"]), granted, "allow exec-implicit-host"],
    ["confines what was permitted to the workspace", write("/etc/hosts"), granted, "deny guest"],
    ["permits it there", write("/home/u/.openclaw/workspace/a"), granted, "allow file-write"],
  ]);
});

describe("the gate, for commands", () => {
  table([
    ["runs them when no host is named", exec(["sh", "-c", "ls | wc"]), CONTEXT, "allow exec-implicit-host"],
    ["runs them for members too", exec(["ls"]), given({ principal: person("member") }), "allow exec-implicit-host"],
    ["refuses a command that is not there", act("exec", "exec"), CONTEXT, "deny exec-malformed"],
    ["refuses everything under security deny", exec(["ls"]), gateway({ security: "deny" }), "deny exec-denied"],
    ["runs everything under security full", exec(["sh", "-c", "x"]), gateway({ security: "full" }), "allow exec-full"],
    [
      "asks about everything under ask always",
      exec(["git"]),
      gateway({ security: "full", ask: "always" }),
      "ask exec-always-ask",
    ],
    ["runs what the allow-list names by path", exec(["git", "status"]), gateway(), "allow exec-allowlisted"],
    [
      "asks about what it names when variables could make it something else",
      exec(["git", "fetch"], { env: ["GIT_SSH_COMMAND"] }),
      gateway(),
      "ask exec-needs-approval",
    ],
    [
      "runs what it names with harmless variables",
      exec(["git", "status"], { env: ["LC_ALL", "TZ"] }),
      gateway(),
      "allow exec-allowlisted",
    ],
    ["runs what it names by name", exec(["rg", "x"]), gateway(), "allow exec-allowlisted"],
    [
      "does not take another program for it",
      exec(["git"], { resolved: "/tmp/git" }),
      gateway(),
      "ask exec-needs-approval",
    ],
    [
      "does not take a path for a name",
      exec(["./rg"], { resolved: "/home/u/rg" }),
      gateway(),
      "ask exec-needs-approval",
    ],
    [
      "asks about a program that was not found",
      exec(["git"], { resolved: undefined }),
      gateway(),
      "ask exec-needs-approval",
    ],
    ["runs a safe filter", exec(["head", "-n", "5"]), gateway(), "allow exec-allowlisted"],
    ["asks about a filter that names a file", exec(["head", "/etc/passwd"]), gateway(), "ask exec-needs-approval"],
    [
      "asks about a shell, listed or not",
      exec(["sh", "-c", "git"]),
      given({ exec: gateway().exec, allowlist: ["/usr/bin/*"] }),
      "ask exec-needs-approval",
    ],
    [
      "asks about programs that start others",
      exec(["env", "git"]),
      given({ exec: gateway().exec, allowlist: ["/usr/bin/*"] }),
      "ask exec-needs-approval",
    ],
    ["refuses instead of asking under ask off", exec(["ls"]), gateway({ ask: "off" }), "deny exec-not-allowlisted"],
    ["opts in when the call names the gateway", exec(["ls"], { host: "gateway" }), CONTEXT, "ask exec-needs-approval"],
    ["takes no pretended implicit host", exec(["ls"], { host: "implicit" }), gateway(), "ask exec-needs-approval"],
    ["refuses a sandbox that is not there", exec(["ls"], { host: "sandbox" }), CONTEXT, "deny exec-host-unavailable"],
    ["refuses a node that is not there", exec(["ls"], { host: "node" }), CONTEXT, "deny exec-host-unavailable"],
    ["refuses a host that does not exist", exec(["ls"], { host: "moon" }), CONTEXT, "deny exec-host-unavailable"],
    ["lets a call tighten security", exec(["ls"], { security: "deny" }), CONTEXT, "deny exec-denied"],
    ["lets a call tighten ask", exec(["ls"], { ask: "always" }), CONTEXT, "ask exec-always-ask"],
    ["does not let a call loosen security", exec(["ls"], { security: "full" }), gateway(), "ask exec-needs-approval"],
    ["does not let a call loosen ask", exec(["ls"], { ask: "off" }), gateway(), "ask exec-needs-approval"],
    [
      "asks about program text when told to",
      exec(["python3", "-c", "1"]),
      gateway({ security: "full", strictInlineEval: true }),
      "ask exec-inline-eval",
    ],
    [
      "lets looking after own commands pass",
      act("process", "exec", { action: "poll" }),
      gateway(),
      "allow exec-own-process",
    ],
    [
      "asks before input goes to a command on an explicit host",
      act("process", "exec", { action: "write", input: true }),
      gateway(),
      "ask exec-own-process",
    ],
    [
      "lets input pass where commands are free",
      act("process", "exec", { action: "write", input: true }),
      CONTEXT,
      "allow exec-own-process",
    ],
  ]);

  it("shows the whole command to whoever is asked", () => {
    const verdict = decide(exec(["sh", "-c", "rm -rf x"], { command: "rm -rf x" }), gateway());
    assert.deepEqual(verdict.verdict === "ask" && verdict.card, {
      title: "Run a command for main?",
      detail: "rm -rf x",
    });
  });
});

describe("the gate, for any act", () => {
  const anyAct = fc.record({
    tool: fc.constantFrom("read", "exec", "process", "mystery", "other"),
    effect: fc.oneof(
      fc.constantFrom("read", "write", "exec", "network", "send", "spend", "config", "secret", "install"),
      fc.string(),
    ),
    exact: fc.dictionary(
      fc.constantFrom("path", "argv", "host", "security", "ask", "resolved", "action"),
      fc.oneof(fc.string(), fc.array(fc.string()), fc.integer(), fc.constant(null)),
    ),
  });
  const judge = (
    { tool, effect, exact }: { tool: string; effect: string; exact: Record<string, unknown> },
    context: GateContext,
  ) => decide(act(tool, effect, exact), context);

  it("never allows a stranger anything", () => {
    fc.assert(
      fc.property(anyAct, (a) => assert.equal(judge(a, given({ principal: person("stranger") })).verdict, "deny")),
    );
  });

  it("allows only reading, writing, running and setting others to work", () => {
    fc.assert(
      fc.property(
        anyAct,
        (a) => judge(a, CONTEXT).verdict === "deny" || assert.ok(["read", "write", "exec", "spend"].includes(a.effect)),
      ),
    );
  });

  it("never allows a guest what it denies an owner", () => {
    fc.assert(
      fc.property(
        anyAct,
        (a) =>
          judge(a, given({ principal: person("guest") })).verdict === "deny" ||
          assert.notEqual(judge(a, CONTEXT).verdict, "deny"),
      ),
    );
  });

  it("names a rule in every verdict and a reason in every refusal", () => {
    fc.assert(
      fc.property(anyAct, (a) => {
        const v = judge(a, CONTEXT);
        assert.ok(v.rule !== "" && (v.verdict !== "deny" || v.reason !== ""));
      }),
    );
  });
});

function endless(): Principal {
  const principal = { ...person("owner") } as { parent?: Principal } & Principal;
  (principal as { parent?: Principal }).parent = principal;
  return principal;
}
