/** FAKE of what models stand on: real files in a folder of their own, a clock that is moved by hand. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { quietLog } from "../../../../../test/harness/log.ts";
import type { Fetch } from "../../base/fetch.ts";
import { systemRandom } from "../../base/ids.ts";
import { Scope } from "../../base/scope.ts";
import type { Clock } from "../../base/time.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Vendor } from "../../contracts/model.ts";
import type { Token } from "../../contracts/service.ts";
import { Dialects, LoginFlows, Vendors } from "../index.ts";
import type { Flow } from "./flow.ts";
import type { ModelsService } from "../index.ts";
import { services } from "../service.ts";

export class HandClock implements Clock {
  wall = 1_790_000_000_000;
  mono = 1000;
  readonly #timers = new Set<{ at: number; fire: () => void }>();
  now = () => this.wall;
  monotonic = () => this.mono;
  sleep = async (ms: number) => {
    this.pass(Math.max(ms, 1));
    // Others that are at work, on the disk or the network, get their turn.
    await new Promise((resolve) => setTimeout(resolve, 2));
  };
  timer = (ms: number, fire: () => void) => {
    const timer = { at: this.mono + ms, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };
  /** Real time passes. */
  pass(ms: number): void {
    this.wall += ms;
    this.mono += ms;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.mono)) {
      this.#timers.delete(timer);
      timer.fire();
    }
  }
}

const row = { id: "m1", name: "M1", reasoning: false, input: ["text"], contextWindow: 1000, maxTokens: 100 } as const;
const base = { api: "silent", models: () => [row, { ...row, id: "m2" }] };
export const VENDORS: readonly Vendor[] = [
  {
    ...base,
    id: "acme",
    aliases: ["acme-ai"],
    label: "Acme",
    baseUrl: "https://api.acme.test",
    keyEnv: ["ACME_API_KEY"],
  },
  { ...base, id: "other", label: "Other", baseUrl: "https://api.other.test", keyEnv: ["OTHER_API_KEY"] },
  { ...base, id: "openai-codex", label: "Codex", baseUrl: "https://chatgpt.com/backend-api", keyEnv: [] },
];

export interface World {
  readonly clock: HandClock;
  readonly state: string;
  readonly models: ModelsService;
  readonly config: ConfigSnapshot;
  readonly log: string[];
  /** Path below the agent's folder. */
  path(name?: string, agent?: string): string;
  write(content: unknown, agent?: string): void;
  read(agent?: string): {
    profiles: Record<string, Record<string, unknown>>;
    usageStats?: Record<string, Record<string, unknown>>;
    lastGood?: Record<string, string>;
  } & Record<string, unknown>;
  /** Another process over the same files and the same clock. */
  second(): Promise<ModelsService>;
  close(): Promise<void>;
}

export async function world(
  t: Pick<TestContext, "after">,
  options: {
    env?: Record<string, string>;
    root?: Record<string, unknown>;
    store?: unknown;
    fetch?: Fetch;
    flows?: readonly Flow[];
  } = {},
): Promise<World> {
  const state = mkdtempSync(join(tmpdir(), "openclaw-logins-"));
  const clock = new HandClock();
  const log: string[] = [];
  const root = options.root ?? {};
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  const config = { root, hash: "x", at, section: () => assert.fail("not used") as never } as ConfigSnapshot;
  const path = (name = "auth-profiles.json", agent = "main") => join(state, "agents", agent, "agent", name);
  const write = (content: unknown, agent = "main") => {
    mkdirSync(path("", agent), { recursive: true });
    writeFileSync(path(undefined, agent), typeof content === "string" ? content : JSON.stringify(content), {
      mode: 0o600,
    });
    clock.pass(600);
  };
  if (options.store !== undefined) write(options.store);
  const scopes: Scope[] = [];
  const make = async () => {
    const scope = new Scope(clock, "models");
    scopes.push(scope);
    const say = (message: string, more?: unknown) => void log.push(`${message} ${JSON.stringify(more ?? {})}`);
    const loud = { ...quietLog, warn: say, error: say, info: say };
    const platform = {
      env: options.env ?? {},
      clock,
      random: systemRandom,
      paths: { home: state, state, config: join(state, "openclaw.json") },
      fetch: options.fetch ?? (() => assert.fail("no network")),
      log: { ...loud, for: () => loud },
    };
    const secrets = async (given: unknown) => {
      const text = JSON.stringify(given).replace(/\{"source":"file","id":"([^"]*)"\}/, '"kept-$1"');
      return { root: JSON.parse(text) as Record<string, unknown> };
    };
    const values = new Map<string, unknown>([
      [Vendors.name, VENDORS],
      [Dialects.name, { silent: async () => assert.fail("no calls") }],
      ["secret-resolver", secrets],
      [LoginFlows.name, options.flows],
    ]);
    const use = async <T>(token: Token<T>) => values.get(token.name) as T;
    return (await services[0]?.make({ use, platform, scope } as never)) as ModelsService;
  };
  const close = async () => void (await Promise.all(scopes.map((scope) => scope.close())));
  t.after(async () => {
    await close();
    rmSync(state, { recursive: true, force: true });
  });
  const read = (agent = "main") =>
    JSON.parse(readFileSync(path(undefined, agent), "utf8")) as ReturnType<World["read"]>;
  return { clock, state, models: await make(), config, log, path, write, read, second: make, close };
}
