import { diskReason } from "../../base/errors.ts";
import { createExclusive, ensureDir, exists, remove } from "../../base/files.ts";
import { secretToken, shortId } from "../../base/ids.ts";
import type { Platform } from "../../contracts/service.ts";
import { dirname, join } from "node:path";
import { errors } from "./errors.ts";
import type { DetectedModel, SetupReport } from "./index.ts";

export interface SetUpOptions {
  readonly platform: Pick<Platform, "paths" | "random" | "clock" | "version">;
  /** Looks for a model; only asked when there is no configuration yet. */
  readonly detect: () => Promise<DetectedModel | undefined>;
  /** Written as `agents.defaults.workspace`; the default place when absent. */
  readonly workspace?: string;
}

/**
 * Makes the state directory (owner only) and a configuration with a token of its own and the model that
 * was found. Leaves alone whatever exists. Throws `STATE_DIR_UNWRITABLE`.
 */
export async function setUp({ platform, detect, workspace }: SetUpOptions): Promise<SetupReport> {
  const { state, config } = platform.paths;
  const hadState = await exists(state);
  await guard(state, async () => {
    await ensureDir(state);
    await tryWriting(join(state, `.write-test-${shortId(platform.random)}`));
  });
  if (await exists(config)) return report(hadState, state, { kept: config });
  const model = await detect();
  const text = `${JSON.stringify(firstConfig(platform, model, workspace), null, 2)}\n`;
  const made = await guard(dirname(config), async () => {
    await ensureDir(dirname(config));
    return createExclusive(config, text);
  });
  return made
    ? { ...report(hadState, state, { created: config }), ...(model ? { model } : {}) }
    : report(hadState, state, { kept: config });
}

function firstConfig(
  { random, clock, version }: SetUpOptions["platform"],
  model: DetectedModel | undefined,
  workspace: string | undefined,
): Readonly<Record<string, unknown>> {
  const defaults = {
    ...(workspace === undefined ? {} : { workspace }),
    ...(model ? { model: { primary: model.ref } } : {}),
  };
  return {
    gateway: { mode: "local", auth: { mode: "token", token: secretToken(random) } },
    ...(Object.keys(defaults).length > 0 ? { agents: { defaults } } : {}),
    ...(model?.provider ? { models: { providers: { [model.provider.id]: model.provider.config } } } : {}),
    meta: { lastTouchedVersion: version, lastTouchedAt: new Date(clock.now()).toISOString() },
  };
}

function report(
  hadState: boolean,
  state: string,
  config: { readonly created?: string; readonly kept?: string },
): SetupReport {
  const named = (path: string | undefined) => (path === undefined ? [] : [path]);
  return {
    created: [...(hadState ? [] : [state]), ...named(config.created)],
    kept: [...(hadState ? [state] : []), ...named(config.kept)],
  };
}

async function tryWriting(path: string): Promise<void> {
  await createExclusive(path, "");
  await remove(path);
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errors.STATE_DIR_UNWRITABLE({ path, reason: diskReason(error) }).with({ cause: error });
  }
}
