/** A memory of its own for tests: real files, a real thread, a FAKE computer of embeddings. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { Fault } from "../../base/errors.ts";
import { systemClock } from "../../base/time.ts";
import type { Endpoint } from "../../contracts/model.ts";
import type { EmbedRequest, Embedded } from "../../models/index.ts";
import { fakeConfig } from "../../../../../test/conformance/toolWorld.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import { agentsSection } from "../agents/index.ts";
import { AgentMemory } from "./_agent-memory.ts";
import { Embedders } from "./_embedder.ts";
import { IndexHost } from "./_host.ts";
import type { Provider } from "./_providers.ts";
import type { MemorySettings, SearchConfig } from "./_settings.ts";
import type { MemoryAnswer, MemoryQuery } from "./index.ts";

export interface World {
  readonly workspace: string;
  readonly path: string;
  readonly host: IndexHost;
  readonly memory: AgentMemory;
  readonly embedder: FakeEmbedder;
  write(path: string, text: string): Promise<void>;
  search(query: string, over?: Partial<MemoryQuery>): Promise<MemoryAnswer>;
  /** The same files and index with other settings. */
  again(over?: Partial<WorldOptions>): Promise<World>;
}

export interface WorldOptions {
  readonly search?: (defaults: SearchConfig) => SearchConfig;
  readonly tokenizer?: MemorySettings["tokenizer"];
  readonly rule?: MemorySettings["rule"];
  readonly extra?: (workspace: string) => readonly string[];
  readonly sessions?: boolean;
  /** Names of models that compute; none = words only. */
  readonly models?: readonly string[];
  readonly idleMs?: number;
}

export const NEVER = new AbortController().signal;

export async function memoryWorld(t: Pick<TestContext, "after">, options: WorldOptions = {}): Promise<World> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "openclaw-memory-")));
  await mkdir(join(home, "ws", "memory"), { recursive: true });
  t.after(() => rm(home, { recursive: true, force: true }));
  return open(t, home, options);
}

async function open(t: Pick<TestContext, "after">, home: string, options: WorldOptions): Promise<World> {
  const workspace = join(home, "ws");
  const embedder = new FakeEmbedder();
  const defaults = fakeConfig({}).section(agentsSection).defaults.memorySearch;
  const search = options.search?.(defaults) ?? defaults;
  const settings: MemorySettings = {
    agentId: "main",
    search,
    workspace,
    path: join(home, "memory", "main.sqlite"),
    tokenizer: options.tokenizer ?? "unicode61",
    extra: options.extra?.(workspace) ?? [],
    ...(options.sessions ? { transcripts: join(home, "sessions") } : {}),
    rule: options.rule ?? { tokens: 400, overlap: 80 },
    cached: 50_000,
  };
  const host = new IndexHost({
    clock: systemClock,
    log: quietLog,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
  const all = (options.models ?? []).map(providerOf);
  const embedders = new Embedders({
    clock: systemClock,
    models: { embed: (request) => embedder.embed(request) },
    providers: { all, ...(all.length === 0 ? { reason: "no provider has a key" } : {}) },
    search,
  });
  const memory = new AgentMemory({ settings, host, embedders, clock: systemClock, log: quietLog, signal: NEVER });
  const close = async () => {
    memory.close();
    await host.close();
  };
  t.after(close);
  return {
    workspace,
    path: settings.path,
    host,
    memory,
    embedder,
    async write(path, text) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), text);
    },
    search: (query, over) =>
      memory.search({ agentId: "main", query, inPrivate: true, thorough: true, signal: NEVER, ...over }),
    async again(over = {}) {
      await close();
      return open(t, home, { ...options, ...over });
    },
  };
}

export function providerOf(name: string): Provider {
  const model = { id: name, name, reasoning: false, input: ["text"] as const, contextWindow: 8192, maxTokens: 8192 };
  const endpoint: Endpoint = {
    provider: name,
    api: "openai-completions",
    baseUrl: `https://${name}.example`,
    headers: {},
    model,
    native: false,
  };
  return {
    id: name,
    label: `${name}/${name}`,
    endpoint,
    now: async () => endpoint,
    isLocal: false,
    fingerprint: `fingerprint of ${name}`,
  };
}

/** Groups of words that mean the same to the FAKE. */
const MEANINGS = [
  ["dog", "puppy", "hound", "rex"],
  ["car", "vehicle", "automobile", "engine"],
  ["dentist", "teeth", "tooth"],
  ["password", "secret", "login"],
  ["coffee", "espresso", "latte"],
];

/** FAKE: a text is what it says of each meaning, and a little of its length. Fails as a real one does. */
export class FakeEmbedder {
  readonly asked: { readonly model: string; readonly texts: readonly string[] }[] = [];
  /** Models that do not answer, and from which request on. */
  readonly broken = new Map<string, number>();
  #requests = 0;

  get texts(): number {
    return this.asked.reduce((sum, { texts }) => sum + texts.length, 0);
  }

  async embed({ endpoint, input, signal }: EmbedRequest): Promise<Embedded> {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    this.#requests += 1;
    if (this.#requests > (this.broken.get(endpoint.model.id) ?? Number.POSITIVE_INFINITY))
      throw new Fault({
        code: "EMBEDDINGS_FAILED",
        message: `The provider "${endpoint.provider}" made no embeddings: it cannot be reached.`,
        remedy: "",
        status: 502,
        rpc: "UNAVAILABLE",
        retryable: false,
      });
    this.asked.push({ model: endpoint.model.id, texts: input });
    return { vectors: input.map(meaning), tokens: 1, model: endpoint.model.id };
  }
}

export function meaning(text: string): number[] {
  const lower = text.toLowerCase();
  return [
    ...MEANINGS.map((words) => words.filter((word) => lower.includes(word)).length * 10),
    1 + (text.length % 7) / 10,
  ];
}
