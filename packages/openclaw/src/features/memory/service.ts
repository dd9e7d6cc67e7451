import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Memory } from "./index.ts";
import type { MemoryService } from "./index.ts";

export const services = [provide(Memory, makeMemory)];

/** Light: nothing of it is loaded or begun before somebody asks. */
function makeMemory(context: ServiceContext): MemoryService {
  let begun: Promise<MemoryService> | undefined;
  const memory = (): Promise<MemoryService> => {
    begun ??= import("./_memories.ts").then(({ makeMemories }) => makeMemories(context));
    begun.catch(() => {
      begun = undefined;
    });
    return begun;
  };
  return {
    search: async (query) => (await memory()).search(query),
    sync: async (request) => (await memory()).sync(request),
    read: async (request) => (await memory()).read(request),
    status: async (request) => (await memory()).status(request),
    outlook: async (agentId) => (await memory()).outlook(agentId),
    touch: (agentId) => void begun?.then((made) => made.touch(agentId)),
  };
}
