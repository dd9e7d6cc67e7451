import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { sampleTree } from "../test/tree.ts";
import { lint, lintText } from "./check.ts";
import { isAllowed, TABLE, type RuleName } from "./table.ts";

/** A place where nothing is allowed. */
const ELSEWHERE = "packages/openclaw/src/features/web/get.ts";

/** For each rule: what it refuses, and harmless twins that it must not. */
const SAMPLES: Readonly<Record<RuleName, { refused: readonly string[]; accepted: readonly string[] }>> = {
  spawn: {
    refused: [
      'import { spawn } from "node:child_process";',
      'import { execFileSync } from "child_process";',
      'const { exec } = await import("node:child_process");',
      'const { exec } = require("node:child_process");',
      'const { exec } = process.getBuiltinModule("node:child_process");',
      'export { spawn } from "node:child_process";',
      'import cluster from "node:cluster";',
    ],
    accepted: [
      'import type { ChildProcess } from "node:child_process";',
      'import { spawn } from "../../base/spawn.ts";',
    ],
  },
  fetch: {
    refused: [
      'await fetch("https://example.org");',
      'await globalThis.fetch("https://example.org");',
      "export const io = { fetch };",
      'import { request } from "node:https";',
      'import http from "node:http";',
      'import * as net from "node:net";',
      'import { Agent } from "undici";',
      'const socket = (await import("node:tls")).connect(443);',
      'new EventSource("/events");',
    ],
    accepted: [
      'export const get = (io: { fetch: Fetch }) => io.fetch("https://example.org");',
      'export function get({ fetch }: Io) { return fetch("https://example.org"); }',
      "export const get = async (io: Io) => { const { fetch } = io; return fetch(io.url); };",
      'import { createServer } from "node:http"; import type { IncomingMessage } from "node:http";',
      'import { type Socket, isIP } from "node:net";',
      "export class Api { fetch() { return this.fetch; } }",
      "export type Fetch = typeof fetch;",
    ],
  },
  socket: {
    refused: [
      'new WebSocket("ws://127.0.0.1");',
      "const Socket = globalThis.WebSocket;",
      'import { WebSocket as Client } from "ws";',
      'import WebSocket from "ws";',
      'const { WebSocket: Client } = await import("ws");',
    ],
    accepted: [
      'import { WebSocketServer } from "ws"; import type { WebSocket } from "ws";',
      "const open: WebSocket | undefined = undefined;",
    ],
  },
  open: {
    refused: [
      'import { readFileSync } from "node:fs";',
      'import fs from "fs";',
      'import { readFile } from "node:fs/promises";',
      'export const read = async () => (await import("node:fs")).readFileSync("/etc/passwd");',
    ],
    accepted: [
      'import type { Stats } from "node:fs";',
      'import { constants } from "node:fs";',
      'import { join } from "node:path";',
    ],
  },
  compare: {
    refused: [
      "export const same = (token: string, expected: string) => token === expected;",
      "export const same = (a: Auth, b: Auth) => a.password != b.given;",
      "export const same = (a: Auth, hook: Hook) => a.signature! === hook.computed;",
      'export const same = (body: Body, nonce: string) => body["nonce"] !== nonce;',
    ],
    accepted: [
      "export const none = (token?: string) => token === undefined;",
      'export const empty = (token: string) => token === "" || token !== `none` || token == null;',
      'export const text = (token: unknown) => typeof token === "string";',
      "export const full = (usage: Usage, maxTokens: number) => usage.tokens === maxTokens;",
      "export const kind = (token: Token, other: Token) => token.kind === other.kind;",
      "// lint-allow compare: a count of sentences\nexport const same = (a: A, b: B) => a.secretLevel === b.secretLevel;",
    ],
  },
  pattern: {
    refused: [
      "export const make = (text: string) => new RegExp(text);",
      "export const make = (text: string) => RegExp(`^${text}$`);",
    ],
    accepted: [
      'export const fixed = new RegExp("^a+$", "i");',
      "export const fixed = new RegExp(/a/, flags);",
      "export const is = (x: unknown) => x instanceof RegExp;",
    ],
  },
  "env-whole": {
    refused: [
      "run({ env: { ...process.env } });",
      "run({ env: process.env });",
      "Object.assign({}, process.env);",
      "const { HOME } = process.env;",
    ],
    accepted: ["run({ env: childEnv(platform.env) });", 'const home = process.env["HOME"];'],
  },
  "env-read": {
    refused: [
      "const home = process.env.HOME;",
      'const home = process.env["HOME"];',
      'import { env } from "node:process";',
    ],
    accepted: ["const home = platform.env.HOME;", 'import { platform } from "node:process";'],
  },
  ambient: {
    refused: [
      "const now = Date.now();",
      "const now = new Date();",
      "const n = Math.random();",
      "setTimeout(() => {}, 10);",
      "const id = crypto.randomUUID();",
    ],
    accepted: [
      "const now = clock.now();",
      "const day = new Date(at).toISOString();",
      "const n = Math.max(1, 2);",
      "export const wait = ({ setTimeout }: Clock) => setTimeout(() => {}, 10);",
      "// lint-allow ambient: the process itself is being measured\nconst now = Date.now();",
    ],
  },
  "module-state": {
    refused: ["let count = 0;", "export let count = 0;"],
    accepted: ["const count = 0;", "export function counter() { let count = 0; return () => ++count; }"],
  },
};

for (const [rule, { refused, accepted }] of Object.entries(SAMPLES) as [RuleName, (typeof SAMPLES)[RuleName]][]) {
  suite(`lint: ${rule}`, () => {
    for (const text of refused) {
      test(`refuses ${text}`, () => assert.ok(broken(ELSEWHERE, text).includes(rule)));
    }
    for (const text of accepted) {
      test(`accepts ${text}`, () => assert.ok(!broken(ELSEWHERE, text).includes(rule)));
    }
    test("leaves the files alone that exist for it", () => {
      for (const place of TABLE[rule].allowed) {
        const path = place.endsWith("/") ? `${place}any.ts` : place;
        assert.ok(isAllowed(rule, path) && !broken(path, refused[0] ?? "").includes(rule));
      }
    });
  });
}

test("lint: an excuse without a reason, or for a rule that takes none, excuses nothing", () => {
  assert.deepEqual(broken(ELSEWHERE, "// lint-allow compare\nconst same = token === other;"), ["compare"]);
  assert.deepEqual(broken(ELSEWHERE, "// lint-allow pattern: trusted\nconst p = new RegExp(text);"), ["pattern"]);
});

test("lint: a finding names file, line and where the thing belongs", () => {
  const [finding] = lintText(ELSEWHERE, '\nimport { spawn } from "node:child_process";');
  assert.equal(finding?.at, `${ELSEWHERE}:2`);
  assert.match(finding.problem, /base\/spawn\.ts/);
});

test("lint: tests are not looked at", (t) => {
  const text = 'import "node:child_process";';
  const root = sampleTree(t, { [ELSEWHERE.replace(".ts", ".test.ts")]: text, "extensions/one/index.ts": text });
  assert.deepEqual(
    lint(root).map(({ at }) => at),
    ["extensions/one/index.ts:1"],
  );
});

function broken(path: string, text: string): RuleName[] {
  return lintText(path, text).map(({ rule }) => rule);
}
