import { errorText } from "../../base/errors.ts";
import { Events, Prose } from "../../contracts/bus.ts";
import type { ContextEngine, ContextEngineRegistry } from "../../contracts/context-engine.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Memory } from "../memory/index.ts";
import { Lanes, Sessions } from "../sessions/index.ts";
import { Contexts } from "./_conversations.ts";
import { Views } from "./_views.ts";
import { Context, ContextEngines } from "./index.ts";
import type { ContextService } from "./index.ts";

export const services = [provide(Context, makeContext), provide(ContextEngines, makeEngines)];

async function makeContext({ use, platform, scope }: ServiceContext): Promise<ContextService> {
  const conversations = new Contexts(await use(TranscriptsToken));
  const log = platform.log.for("context");
  const views = new Views(await use(ContextEngines), log);
  let making: ReturnType<typeof makeCompactor> | undefined;

  /** Made when the first conversation is full. */
  const makeCompactor = async () => {
    const { Compactor } = await import("./_compaction/compactor.ts");
    const prose = async () => {
      const all = await use(Prose);
      return (name: string) => all[`features/context/prompt/${name}.md`]?.trim() ?? "";
    };
    const { usage } = await use(StoreToken);
    const deps = {
      platform,
      conversations,
      sessions: await use(Sessions),
      models: await use(Models),
      usage,
      log,
      prose,
    };
    const rewritten = (agentId: string) =>
      void use(Memory)
        .then((memory) => memory.touch(agentId))
        .catch((error: unknown) => log.warn("memory was not told", { error: errorText(error) }));
    const compactor = new Compactor({ ...deps, events: await use(Events), rewritten });
    return { compactor, deps };
  };
  const made = () => (making ??= makeCompactor());

  return {
    conversations,
    views,
    makeRoom: async (wish) => (await made()).compactor.compact(wish),
    async compact(sessionKey, wish) {
      const [{ compactor, deps }, { compactNow }] = await Promise.all([made(), import("./_manual.ts")]);
      const agents = await use(Agents);
      const config = await use(Config);
      const lanes = await use(Lanes);
      const manual = { ...deps, agents, config, lanes, views, compactor, closing: scope.signal };
      return compactNow(manual, sessionKey, wish);
    },
  };
}

function makeEngines(): ContextEngineRegistry {
  const engines = new Map<string, ContextEngine>();
  return {
    register(engine) {
      engines.set(engine.id, engine);
      return () => void (engines.get(engine.id) === engine && engines.delete(engine.id));
    },
    find: (id) => engines.get(id),
  };
}
