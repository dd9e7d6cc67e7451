import { join } from "node:path";
import { uuid } from "../../base/ids.ts";
import { errorText } from "../../base/errors.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { StoreToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Outbound } from "../outbound/index.ts";
import { Lanes } from "../sessions/index.ts";
import { Generate, TASK_SPACE } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import type { GenerateService } from "./index.ts";
import type { Tasks } from "./_tasks/tasks.ts";

export const services = [provide(Generate, makeGenerate)];

/** Calls of one run. */
const MOST_PER_RUN = 10;
const MOST_RUNS = 256;

/** Nothing of it is loaded before something is to be made. */
function makeGenerate({ use, platform, scope }: ServiceContext): GenerateService {
  const { clock, random, paths } = platform;
  const log = platform.log.for("generate");
  const folder = join(paths.state, "media", "generated");
  const io = { fetch: platform.fetch, uuid: () => uuid(random) };
  const deps = async () => ({ models: await use(Models), io, clock, home: paths.home });
  let tasks: Promise<Tasks> | undefined;
  const runs = new Map<string, number>();

  const running = (): Promise<Tasks> =>
    (tasks ??= (async () =>
      new (await import("./_tasks/tasks.ts")).Tasks({
        ...(await deps()),
        platform,
        log,
        folder,
        config: await use(Config),
        store: await use(StoreToken),
        agents: await use(Agents),
        lanes: await use(Lanes),
        outbound: await use(Outbound),
        closing: scope.signal,
      }))());

  return {
    async make({ filename, runId, ...request }) {
      if (runId !== undefined) count(runId);
      const [{ make }, { stemOf }] = await Promise.all([import("./_engine/make.ts"), import("./_engine/files.ts")]);
      const made = await make(await deps(), { folder, ...request, name: stemOf(request.kind, filename, io.uuid()) });
      void swept();
      return made;
    },
    start: async (request) => (await running()).start(request),
    status: async (sessionKey, kind) => (await running()).status(sessionKey, kind),
    async providers(kind, config, agentId) {
      const { providerViews } = await import("./_engine/views.ts");
      return providerViews(await use(Models), { kind, config, ...(agentId === undefined ? {} : { agentId }) });
    },
    async resume() {
      // Most starts have nothing to take up, and load nothing for it.
      const { kv } = await use(StoreToken);
      return (await kv.list(TASK_SPACE)).length === 0 ? 0 : (await running()).resume();
    },
  };

  /** A model that goes round in circles stops paying. */
  function count(runId: string): void {
    const before = runs.get(runId) ?? 0;
    if (before >= MOST_PER_RUN) throw errors.GENERATE_LIMIT({ most: MOST_PER_RUN });
    runs.delete(runId);
    runs.set(runId, before + 1);
    const [oldest] = runs.keys();
    if (runs.size > MOST_RUNS && oldest !== undefined) runs.delete(oldest);
  }

  async function swept(): Promise<void> {
    try {
      await (await import("./_engine/files.ts")).sweep(folder, clock.now());
    } catch (error) {
      log.warn("what was made long ago could not be removed", { error: errorText(error) });
    }
  }
}
