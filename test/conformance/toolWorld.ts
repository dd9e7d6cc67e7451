/** A place for tools to act in: a home and a workspace in a temporary folder, real files and processes, fake services. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createSpawn } from "../../packages/openclaw/src/base/spawn.ts";
import { systemRandom } from "../../packages/openclaw/src/base/ids.ts";
import { Scope } from "../../packages/openclaw/src/base/scope.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import type { ConfigSnapshot } from "../../packages/openclaw/src/contracts/config.ts";
import type { Platform, Provider, Token, Use } from "../../packages/openclaw/src/contracts/service.ts";
import type { Tool, ToolContext, ToolResult } from "../../packages/openclaw/src/contracts/tool.ts";
import { SYSTEM } from "../../packages/openclaw/src/contracts/principal.ts";
import { Config } from "../../packages/openclaw/src/features/config/index.ts";
import type { GateContext } from "../../packages/openclaw/src/features/policy/index.ts";
import { quietLog } from "../harness/log.ts";

/** In the environment of the gateway; must never be seen by a model. */
export const SECRET = "sk-test-51f0c2d9e8b7a6";

export interface WorldOptions {
  /** `openclaw.json` as an object. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** How the services that the tools name are made. */
  readonly services?: readonly Provider[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ToolWorld {
  readonly home: string;
  readonly workspace: string;
  readonly platform: Platform;
  readonly scope: Scope;
  readonly use: Use;
  /** Partial results that the tool showed. */
  readonly updates: ToolResult[];
  context(over?: Partial<ToolContext>): ToolContext;
  gate(tools: readonly Tool[], over?: Partial<GateContext>): GateContext;
  /** Every file below the home folder with its content, to see that nothing changed. */
  snapshot(): Promise<Record<string, string>>;
}

export async function toolWorld(t: TestContext, options: WorldOptions = {}): Promise<ToolWorld> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "openclaw-tools-")));
  const workspace = join(home, "ws");
  await mkdir(workspace);
  const scope = new Scope(systemClock, "test");
  const spawn = createSpawn();
  t.after(async () => {
    await scope.close();
    await spawn.killAll(0);
    await rm(home, { recursive: true, force: true });
  });
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    SHELL: "/bin/sh",
    LANG: "C.UTF-8",
    OPENAI_API_KEY: SECRET,
    ...options.env,
  };
  const platform: Platform = {
    clock: systemClock,
    random: systemRandom,
    env,
    log: quietLog,
    fetch: () => Promise.reject(new Error("no network in tests")),
    connect: () => Promise.reject(new Error("no network in tests")),
    spawn,
    paths: { home, state: join(home, ".openclaw"), config: join(home, ".openclaw", "openclaw.json") },
    version: "2026.1.1",
  };
  const use = services(platform, scope, options);
  const updates: ToolResult[] = [];
  const context = (over: Partial<ToolContext> = {}): ToolContext => ({
    runId: "run-1",
    callId: "call-1",
    sessionKey: "agent:main:main",
    agentId: "main",
    principal: SYSTEM,
    model: "offline/offline",
    env: {},
    workspace,
    confined: false,
    signal: new AbortController().signal,
    platform,
    use,
    update: (partial) => updates.push(partial),
    seesImages: true,
    hasTool: () => true,
    ...over,
  });
  const gate = (tools: readonly Tool[], over: Partial<GateContext> = {}): GateContext => ({
    principal: SYSTEM,
    agentId: "main",
    sessionKey: "agent:main:main",
    runId: "run-1",
    tools: new Set(tools.map((tool) => tool.name)),
    sandboxed: false,
    exec: { host: "implicit", security: "allowlist", ask: "on-miss", safeBins: [] },
    fileRoots: [],
    labels: [],
    workspace,
    state: platform.paths.state,
    configFile: platform.paths.config,
    granted: new Set(),
    allowlist: [],
    ...over,
  });
  return { home, workspace, platform, scope, use, updates, context, gate, snapshot: () => contents(home) };
}

/** Fake of the registry: the given services, and a configuration that never changes. */
function services(platform: Platform, scope: Scope, options: WorldOptions): Use {
  const made = new Map<string, unknown>();
  const snapshot = fakeConfig(options.config ?? {});
  made.set(Config.name, { current: () => snapshot });
  const use = async <T>(wanted: Token<T>): Promise<T> => {
    if (!made.has(wanted.name)) {
      const provider = options.services?.find(({ token }) => token.name === wanted.name);
      if (!provider) throw new Error(`no service ${wanted.name} in this test`);
      made.set(wanted.name, await provider.make({ use, platform, scope }));
    }
    return made.get(wanted.name) as T;
  };
  return use;
}

/** Fake of a snapshot: the object with the defaults of the section asked for. */
export function fakeConfig(root: Readonly<Record<string, unknown>>): ConfigSnapshot {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  return {
    root,
    hash: "test",
    at,
    section: (section) => withDefaults(section.schema as Schema, at(section.path)) as never,
  };
}

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

function withDefaults(schema: Schema, value: unknown): unknown {
  const own = value ?? schema.default ?? (schema.properties ? {} : undefined);
  if (!schema.properties || own === undefined) return own;
  const filled = { ...(own as Record<string, unknown>) };
  for (const [key, inner] of Object.entries(schema.properties)) {
    const present = filled[key];
    if (present === undefined && inner.default === undefined) continue;
    filled[key] = withDefaults(inner, present);
  }
  return filled;
}

async function contents(root: string, below = ""): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const name of await readdir(join(root, below))) {
    const path = join(below, name);
    const info = await stat(join(root, path)).catch(() => undefined);
    if (info?.isDirectory()) Object.assign(all, { [`${path}/`]: "" }, await contents(root, path));
    else
      all[path] =
        info?.isFile() && info.size < 1e6 ? await readFile(join(root, path), "latin1") : `${info?.size} bytes`;
  }
  return all;
}
