import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { call, testTool } from "../../../../../test/conformance/testTool.ts";
import { SECRET } from "../../../../../test/conformance/toolWorld.ts";
import { sha256 } from "../../base/ids.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Provider } from "../../contracts/service.ts";
import type { Tool, ToolResult } from "../../contracts/tool.ts";
import { services as own } from "./service.ts";
import { tools } from "./tools.ts";

const services = own as readonly Provider[];
const [exec, processTool] = ["exec", "process"].map((name) => tools.find((tool) => tool.name === name)) as [Tool, Tool];
const member: Principal = { kind: "person", id: "telegram:default:1", role: "member", scopes: [] };
const guest: Principal = { ...member, role: "guest" };
const details = (result: ToolResult) => result.details as Record<string, unknown>;

testTool(exec, {
  services,
  params: { command: "echo hi | cat", env: { B: "2", A: SECRET } },
  preview: ({ workspace }) => ({
    target: "echo hi | cat",
    exact: {
      command: "echo hi | cat",
      argv: ["/bin/sh", "-c", "echo hi | cat"],
      cwd: workspace,
      env: ["A", "B"],
      envHash: sha256(
        JSON.stringify([
          ["A", SECRET],
          ["B", "2"],
        ]),
      ),
    },
  }),
  prepare: async ({ workspace }) => {
    await mkdir(join(workspace, "sub"));
  },
  cases: [
    {
      title: "returns what was printed",
      params: { command: "echo out; echo err >&2" },
      says: /^out\nerr$/,
      check: (r, { workspace }) =>
        assert.deepEqual(
          { ...details(r), durationMs: 0 },
          { status: "completed", exitCode: 0, durationMs: 0, aggregated: "out\nerr", cwd: workspace },
        ),
    },
    {
      title: "tells the exit code without failing",
      params: { command: "echo no; exit 3" },
      says: /^no\n\n\(exit code 3\)$/,
      check: (r) => assert.equal(details(r)["status"], "failed"),
    },
    { title: "says that nothing was printed", params: { command: "true" }, says: /^\(no output\)$/ },
    { title: "runs in the folder asked for", params: { command: "pwd", workdir: "sub" }, says: /\/ws\/sub$/ },
    { title: "runs in the workspace otherwise", params: { command: "pwd" }, says: /\/ws$/ },
    {
      title: "says that a folder is not there",
      params: { command: "pwd", workdir: "nope" },
      says: /no folder .*nope/,
      fails: true,
    },
    {
      title: "passes variables of the call and a mark, and nothing secret of the gateway",
      params: { command: "env", env: { GREETING: "hello" } },
      says: /^(?=[\s\S]*GREETING=hello)(?=[\s\S]*OPENCLAW_SHELL=exec)(?![\s\S]*OPENAI_API_KEY)/,
    },
    ...[
      "LD_PRELOAD",
      "LD_LIBRARY_PATH",
      "DYLD_INSERT_LIBRARIES",
      "PATH",
      "NODE_OPTIONS",
      "BASH_ENV",
      "ENV",
      "PYTHONSTARTUP",
      "path",
      "BASH_FUNC_ls%%",
      "A=B",
    ].map((name) => ({
      title: `refuses the variable ${name}`,
      params: { command: "true", env: { [name]: "/tmp/x" } },
      says: new RegExp(`must not set ${name.replace(/[%=]/g, "\\$&")}`),
      fails: true,
    })),
    {
      title: "ends a command that takes too long, with all its children",
      params: { command: "(sleep 30; touch late) & sleep 30", timeout: 0.2 },
      says: /\(ended: timeout after 200 ms\)$/,
      fails: true,
    },
    { title: "closes the input", params: { command: "cat; echo end" }, says: /^end$/ },
    {
      title: "keeps the end of a hundred megabytes and says how many there were",
      params: { command: "yes 0123456789abcde | head -c 104857600; echo; echo END" },
      says: /^\[The end of 104857605 bytes of output; more: process log, sessionId \w+\]\n[\s\S]*\nEND$/,
    },
    {
      title: "shows what is no text by its size",
      params: { command: "head -c 5000 /dev/zero" },
      says: /^\[5000 bytes that are no text\]$/,
    },
    { title: "removes colours", params: { command: "printf '\\033[31mred\\033[0m'" }, says: /^red$/ },
    { title: "refuses an empty command", params: { command: "  " }, says: /command is empty/, fails: true },
    { title: "refuses a zero byte", params: { command: "a\0b" }, says: /zero byte/, fails: true },
    {
      title: "gives a program a terminal when asked to",
      params: { command: "test -t 0 && test -t 1 && stty size; exit 3", pty: true },
      says: /^40 120\n\n\(exit code 3\)$/,
    },
    { title: "gives none otherwise", params: { command: "test -t 1 || echo none" }, says: /^none$/ },
    {
      title: "refuses a login that needs a person",
      params: { command: "openclaw channels login" },
      says: /needs a person/,
      fails: true,
    },
    {
      title: "says that a command was not found",
      params: { command: "no-such-program-here" },
      says: /not found[\s\S]*\(exit code 127\)/,
    },
    {
      title: "goes on in the background at once when asked to",
      params: { command: "exec sleep 20", background: true },
      says: /^Still running in the background: sessionId \w+, pid \d+/,
      check: (r) => assert.equal(details(r)["status"], "running"),
    },
    {
      title: "goes on in the background after a while",
      params: { command: "echo first; exec sleep 20", yieldMs: 300 },
      says: /has printed:\nfirst$/,
      check: (r) => assert.equal(details(r)["tail"], "first"),
    },
  ],
  slow: { command: "trap '' TERM; (trap '' TERM; sleep 61) & sleep 60" },
  refusals: [
    {
      title: "does not let guests run commands",
      params: { command: "ls" },
      gate: () => ({ principal: guest }),
      rule: "guest",
      twin: { gate: () => ({ principal: member }) },
    },
    {
      title: "refuses everything under security deny",
      params: { command: "ls" },
      gate: (w) => ({ exec: { ...w.gate([]).exec, security: "deny" } }),
      rule: "exec-denied",
      twin: { gate: () => ({}) },
    },
    {
      title: "asks on an explicit host",
      params: { command: "ls", host: "gateway" },
      gate: () => ({}),
      rule: "exec-needs-approval",
      twin: { params: { command: "ls" } },
    },
    {
      title: "asks about anything that needs a shell",
      params: { command: "head -n 1; ls", host: "gateway" },
      gate: (w) => ({ exec: { ...w.gate([]).exec, safeBins: ["head"] } }),
      rule: "exec-needs-approval",
      twin: { params: { command: "head -n 1", host: "gateway" } },
    },
    {
      title: "fails closed in a sandboxed session",
      params: { command: "ls" },
      gate: () => ({ sandboxed: true }),
      rule: "sandbox-unavailable",
      twin: { gate: () => ({}) },
    },
  ],
});

testTool(processTool, {
  services,
  params: { action: "list" },
  preview: () => ({ target: "list", exact: { action: "list" } }),
  cases: [
    { title: "lists nothing when there is nothing", params: { action: "list" }, says: /^No commands\.$/ },
    {
      title: "needs to know which command",
      params: { action: "poll" },
      says: /needs the parameter sessionId/,
      fails: true,
    },
    {
      title: "says that it does not know a command",
      params: { action: "log", sessionId: "x" },
      says: /no command with the sessionId "x"/,
      fails: true,
    },
    {
      title: "needs something to write",
      params: { action: "write", sessionId: "x" },
      says: /needs the parameter data/,
      fails: true,
    },
  ],
  slow: async (world) => {
    const started = await call(exec, { command: "exec sleep 60", background: true }, world);
    return { action: "poll", sessionId: String(details(started)["sessionId"]), timeout: 60_000 };
  },
  refusals: [
    {
      title: "asks before input goes to a command on an explicit host",
      params: { action: "write", sessionId: "x", data: "y" },
      gate: (w) => ({ exec: { ...w.gate([]).exec, host: "gateway" } }),
      rule: "exec-own-process",
      twin: { params: { action: "poll", sessionId: "x" } },
    },
  ],
});
