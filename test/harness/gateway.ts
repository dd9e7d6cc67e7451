/** A gateway as people run it: the built command, in a home of its own. For scenarios and benchmarks. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "../../packages/openclaw/src/client/index.ts";
import type { Gateway } from "../../packages/openclaw/src/client/index.ts";

export const COMMAND = fileURLToPath(new URL("../../packages/openclaw/bin/openclaw.mjs", import.meta.url));
export const TOKEN = "test-token-0123456789abcdef";

export interface Place {
  readonly port: number;
  readonly home: string;
  /** State directory. */
  readonly state: string;
  readonly env: Record<string, string>;
  end(): void;
}

/** Objects merge, everything else replaces. */
export type Overlay = Readonly<Record<string, unknown>>;

/** A home of its own whose gateway talks to the model server at `modelUrl`; `overlay` is merged over the configuration. */
export async function makePlace(modelUrl: string, overlay: Overlay = {}): Promise<Place> {
  const home = mkdtempSync(join(tmpdir(), "openclaw-place-"));
  const state = join(home, ".openclaw");
  mkdirSync(state, { mode: 0o700 });
  const port = await freePort();
  const model = {
    id: "fake-1",
    name: "Fake",
    reasoning: false,
    input: ["text"],
    contextWindow: 2_000_000,
    maxTokens: 8192,
  };
  const config = {
    gateway: { mode: "local", port, auth: { mode: "token", token: TOKEN } },
    logging: { file: join(home, "gateway.log") },
    agents: { defaults: { model: { primary: "fake/fake-1" }, workspace: join(home, "workspace"), maxConcurrent: 64 } },
    models: {
      providers: { fake: { baseUrl: modelUrl, apiKey: "sk-fake", api: "openai-completions", models: [model] } },
    },
  };
  writeFileSync(join(state, "openclaw.json"), JSON.stringify(merge(config, overlay)), { mode: 0o600 });
  const sources = process.env["OPENCLAW_FROM_SOURCE"];
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TMPDIR: tmpdir(),
    NO_COLOR: "1",
    ...(sources === undefined ? {} : { OPENCLAW_FROM_SOURCE: sources }),
  };
  return { port, home, state, env, end: () => rmSync(home, { recursive: true, force: true }) };
}

function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  return Object.entries(over).reduce<Record<string, unknown>>(
    (out, [key, value]) => ({ ...out, [key]: key in base ? merge(base[key], value) : value }),
    { ...base },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface Running {
  readonly client: Gateway;
  readonly pid: number;
  /** Milliseconds from spawn to the authenticated hello. */
  readonly startMs: number;
  /** SIGTERM, then waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL: nothing gets a chance to tidy up. */
  kill(): Promise<void>;
}

/** `secret` where the gateway does not take the usual token. */
export async function start(place: Place, secret: Secret = { token: TOKEN }): Promise<Running> {
  const begun = performance.now();
  const child = spawn(process.execPath, [COMMAND, "gateway", "run"], { env: place.env, stdio: "ignore" });
  const client = await firstLogin(place, child, secret);
  const startMs = performance.now() - begun;
  return {
    client,
    pid: child.pid ?? 0,
    startMs,
    stop: () => end(child, client, "SIGTERM"),
    kill: () => end(child, client, "SIGKILL"),
  };
}

async function end(child: ChildProcess, client: Gateway, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await ended;
  client.close();
}

async function firstLogin(place: Place, child: ChildProcess, secret: Secret): Promise<Gateway> {
  for (const begun = performance.now(); performance.now() - begun < 30_000;) {
    if (child.exitCode !== null) throw new Error("the gateway ended before it was ready; is it built?");
    const client = login(place, ALL_SCOPES, secret);
    try {
      await client.ready();
      return client;
    } catch {
      client.close();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  throw new Error("the gateway was not ready within 30 s");
}

const ALL_SCOPES = ["operator.admin", "operator.read", "operator.write", "operator.pairing"];

export interface Secret {
  readonly token?: string;
  readonly password?: string;
}

export function login(
  place: Place,
  scopes: readonly string[] = ALL_SCOPES,
  secret: Secret = { token: TOKEN },
): Gateway {
  return connect({
    url: `ws://127.0.0.1:${place.port}`,
    ...secret,
    client: { id: "gateway-client", mode: "backend", version: "0", platform: process.platform },
    scopes,
    reconnect: false,
  });
}

/** Resident megabytes of a process and its children (Linux). */
export function residentMb(pid: number): number {
  return (
    tree(pid).reduce((sum, p) => sum + Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${p}/status`))?.[1] ?? 0), 0) / 1024
  );
}

/** Milliseconds of CPU that a process has used so far (Linux). */
export function cpuMs(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function tree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(tree)];
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
