import type { ContextEngine, ContextEngineRegistry } from "../../contracts/context-engine.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { TranscriptsToken } from "../../store/index.ts";
import { Contexts } from "./_conversations.ts";
import { Views } from "./_views.ts";
import { Context, ContextEngines } from "./index.ts";
import type { ContextService } from "./index.ts";

export const services = [provide(Context, makeContext), provide(ContextEngines, makeEngines)];

async function makeContext({ use, platform }: ServiceContext): Promise<ContextService> {
  return {
    conversations: new Contexts(await use(TranscriptsToken)),
    views: new Views(await use(ContextEngines), platform.log.for("context")),
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
