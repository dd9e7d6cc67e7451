import { errorText } from "../../base/errors.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { Subagents } from "../subagents/index.ts";
import { searchPath } from "./_login-path.ts";
import { ProcessRegistry } from "./_registry.ts";
import { Processes, type ProcessesService } from "./index.ts";

function makeProcesses({ use, platform, scope }: ServiceContext): ProcessesService {
  const { spawn, clock, random } = platform;
  const registry = new ProcessRegistry({ spawn, clock, random, scope });
  // What a sub-agent leaves running ends with it: nobody would look after it.
  const follow = async () => {
    const stop = (await use(Subagents)).onEnded(({ childKey }) => void registry.endOf(childKey));
    scope.add("commands of sub-agents", stop);
  };
  follow().catch((error: unknown) =>
    platform.log.warn("commands of sub-agents are not ended with them", { error: errorText(error) }),
  );
  let path: Promise<string> | undefined;
  return {
    start: (options) => registry.start(options),
    list: (agentId) => registry.list(agentId),
    get: (agentId, id) => registry.get(agentId, id),
    forget: (agentId, id) => registry.forget(agentId, id),
    announce(command, options) {
      const told = import("./_announce.ts").then(({ announceEnd }) =>
        announceEnd({ use, platform, closing: scope.signal }, command, options),
      );
      void told;
    },
    searchPath: () => (path ??= searchPath(platform)),
  };
}

export const services = [provide(Processes, makeProcesses)];
