/** Every agent's memory, each made when it is first asked. */
import type { ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { AgentMemory } from "./_agent-memory.ts";
import { Embedders } from "./_embedder.ts";
import { IndexHost } from "./_host.ts";
import { providersOf } from "./_providers.ts";
import { readNotePart } from "./_read.ts";
import { memoryEnabled, settingsOf } from "./_settings.ts";
import type { MemorySettings } from "./_settings.ts";
import { readLimits } from "./_limits.ts";
import { errors } from "./errors.ts";
import type { MemoryService, MemoryStatus } from "./index.ts";

/** The service itself; `service.ts` loads it when somebody first asks. */
export async function makeMemories({ use, platform, scope }: ServiceContext): Promise<MemoryService> {
  const [config, agents, models] = await Promise.all([use(Config), use(Agents), use(Models)]);
  const log = platform.log.for("memory");
  const { clock } = platform;
  const host = new IndexHost({ clock, log });
  const open = new Map<string, { readonly key: string; readonly memory: Promise<AgentMemory> }>();
  scope.add("memory", async () => {
    for (const { memory } of open.values()) (await memory).close();
    await host.close();
  });

  const settings = (agentId: string): MemorySettings => {
    const snapshot = config.current();
    const agent = agents.get(agentId, snapshot);
    if (!agent) throw errors.MEMORY_AGENT({ agentId });
    return settingsOf(snapshot, agent, platform.paths);
  };
  const make = async (found: MemorySettings): Promise<AgentMemory> => {
    const snapshot = config.current();
    const providers = await providersOf(found.search, { models, config: snapshot, agentId: found.agentId });
    const embedders = new Embedders({ clock, models, providers, search: found.search, config: snapshot });
    return new AgentMemory({ settings: found, host, embedders, clock, log, signal: scope.signal });
  };
  /** That of the settings in force; one of earlier settings ends. */
  const memoryOf = (agentId: string): Promise<AgentMemory> => {
    const found = settings(agentId);
    const key = JSON.stringify([found, config.current().hash]);
    const known = open.get(agentId);
    if (known?.key === key) return known.memory;
    void known?.memory.then((old) => old.close());
    const memory = make(found);
    memory.catch(() => open.delete(agentId));
    open.set(agentId, { key, memory });
    return memory;
  };
  const enabled = async (agentId: string): Promise<AgentMemory> => {
    if (!memoryEnabled(config.current(), agentId)) throw errors.MEMORY_DISABLED({ agentId });
    return memoryOf(agentId);
  };

  return {
    search: async (query) => orStopped(query.signal, (await enabled(query.agentId)).search(query)),
    sync: async (request) => orStopped(request.signal, (await enabled(request.agentId)).sync(request)),
    async read(request) {
      const snapshot = config.current();
      if (!memoryEnabled(snapshot, request.agentId)) throw errors.MEMORY_DISABLED(request);
      const { home } = platform.paths;
      return readNotePart(request, settings(request.agentId), home, readLimits(snapshot, request.agentId));
    },
    async status(request) {
      if (memoryEnabled(config.current(), request.agentId)) return (await memoryOf(request.agentId)).status(request);
      return turnedOff(settings(request.agentId));
    },
    async outlook(agentId) {
      const enabled = memoryEnabled(config.current(), agentId);
      const { all, reason } = await providersOf(settings(agentId).search, {
        models,
        config: config.current(),
        agentId,
      });
      const [first] = all;
      return { enabled, ...(first ? { provider: first.label } : {}), ...(reason === undefined ? {} : { reason }) };
    },
    touch(agentId) {
      void open.get(agentId)?.memory.then((memory) => memory.touch());
    },
  };
}

function turnedOff({ agentId, path, workspace, tokenizer }: MemorySettings): MemoryStatus {
  return {
    agentId,
    enabled: false,
    backend: "builtin",
    path,
    workspace,
    sources: [],
    files: 0,
    chunks: 0,
    bySource: [],
    dirty: false,
    provider: "none",
    embeddings: { enabled: false, reason: "embeddings disabled: memory search is turned off", stored: 0, pending: 0 },
    fts: { available: true, tokenizer },
    bytes: 0,
    skipped: [],
  };
}

/** The outcome of work, or the reason of a signal that aborts before; the work itself goes on. */
async function orStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
