/**
 * The whole gateway in this process, from the sources: its own home, a free port, a model server on loopback.
 * Everything is real but the model.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGateway } from "../../packages/openclaw/src/app/index.ts";
import { createPlatform } from "../../packages/openclaw/src/cli/platform.ts";
import type { Log } from "../../packages/openclaw/src/base/log.ts";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Script } from "../fakes/model-server.ts";
import { freePort } from "../harness/gateway.ts";

const TOKEN = "live-token-0123456789abcdef";

export interface Live {
  readonly url: string;
  readonly home: string;
  readonly state: string;
  readonly model: ModelServer;
  readonly logged: () => string;
  /** A request with the token; JSON bodies are written. */
  send(path: string, options?: SendOptions): Promise<Response>;
  /** POST, then its JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any }>;
}

interface SendOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface LiveSetup {
  readonly script: Script;
  /** Merged over the configuration, section by section. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The provider needs no key, so that no login of it pauses after a failure. */
  readonly withoutKey?: boolean | undefined;
}

export async function openLive(
  t: { after(end: () => Promise<void>): void },
  { script, config = {}, withoutKey }: LiveSetup,
): Promise<Live> {
  const model = await startModelServer({ api: "openai-completions", script });
  const home = mkdtempSync(join(tmpdir(), "openclaw-live-"));
  const state = join(home, ".openclaw");
  mkdirSync(state, { mode: 0o700 });
  const port = await freePort();
  writeFileSync(
    join(state, "openclaw.json"),
    JSON.stringify(configured({ modelUrl: model.url, home, port, withoutKey }, config)),
    {
      mode: 0o600,
    },
  );
  const lines: string[] = [];
  const platform = createPlatform({
    env: { HOME: home, PATH: process.env["PATH"] ?? "" },
    paths: { home, state, config: join(state, "openclaw.json") },
    log: keeping(lines),
    version: "2026.1.1",
  });
  const stop = new AbortController();
  const quiet = { line() {}, json() {}, note() {}, tty: false, paint: {} };
  const ready = Promise.withResolvers<void>();
  const running = runGateway({
    platform,
    options: {},
    signal: stop.signal,
    out: quiet as never,
    onReady: () => ready.resolve(),
  });
  await Promise.race([ready.promise, running.then(() => Promise.reject(new Error("the gateway ended")))]);
  t.after(async () => {
    stop.abort();
    await running;
    await platform.close();
    await model.close();
    rmSync(home, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  const send = (path: string, { method, body, headers, signal }: SendOptions = {}) =>
    fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  return {
    url,
    home,
    state,
    model,
    logged: () => lines.join("\n"),
    send,
    async post(path, body, headers = {}) {
      const response = await send(path, { body, headers });
      return { status: response.status, body: await response.json() };
    },
  };
}

interface Places extends Pick<LiveSetup, "withoutKey"> {
  readonly modelUrl: string;
  readonly home: string;
  readonly port: number;
}

function configured({ modelUrl, home, port, withoutKey }: Places, over: NonNullable<LiveSetup["config"]>) {
  const model = { reasoning: false, input: ["text", "image"], contextWindow: 2_000_000, maxTokens: 8192 };
  const base: Record<string, Record<string, unknown>> = {
    gateway: {
      mode: "local",
      port,
      auth: { mode: "token", token: TOKEN },
      http: { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } },
    },
    agents: { defaults: { model: { primary: "fake/fake-1" }, workspace: join(home, "workspace"), maxConcurrent: 64 } },
    models: {
      providers: {
        fake: {
          baseUrl: modelUrl,
          ...(withoutKey ? {} : { apiKey: "sk-fake" }),
          api: "openai-completions",
          models: [{ id: "fake-1", name: "Fake", ...model }],
        },
      },
    },
  };
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...names].map((name) => [name, { ...base[name], ...over[name] }]));
}

function keeping(lines: string[]): Log {
  const write = (message: string, data?: unknown) => void lines.push(`${message} ${JSON.stringify(data ?? {})}`);
  const log: Log = {
    trace() {},
    debug() {},
    info: write,
    warn: write,
    error: write,
    fatal: write,
    for: () => log,
  } as Log;
  return log;
}
