/** The published configuration and the one way to change its file. */
import type { ConfigSection } from "../../contracts/config.ts";
import type { Platform } from "../../contracts/service.ts";
import type { WriteContext } from "./_write/commit.ts";
import type { EditRequest } from "./_write/drafts.ts";
import { errors } from "./errors.ts";
import { fingerprints } from "./_write/fingerprint.ts";
import type { Follower } from "./_follow/follow.ts";
import type { SchemaAnswer } from "./_schema/hints.ts";
import type { ConfigFile, ConfigService, ConfigSnapshot, ResolveSecrets } from "./index.ts";
import { loadConfig } from "./_load/load.ts";
import { parsePath } from "./_path.ts";
import { redact, secretsOf, type IsSecret } from "./_schema/redact.ts";
import { requireValid } from "./_report.ts";
import { secretKeeper } from "./_load/secrets.ts";
import type { StartFile } from "./_load/start.ts";

export interface CreateConfig {
  readonly platform: Pick<Platform, "env" | "paths" | "clock" | "random" | "version">;
  readonly sections: readonly ConfigSection[];
  /** What was loaded already; read now when absent. */
  readonly file?: StartFile;
  /** Fetches secrets that the file refers to; without it references stay as they are. */
  readonly secrets?: ResolveSecrets;
}

/** Throws the fault of the first load when the file is invalid. */
export async function createConfig({ platform, sections, file, secrets }: CreateConfig): Promise<ConfigService> {
  const keeper = secretKeeper(secrets);
  const read = () => loadConfig({ platform, sections, legacy: "accept", plugins: "isolate" });
  const load = async () => keeper.resolved(await read(), "reload");
  const first: StartFile = await keeper.resolved(file ?? (await read()), "start");
  const fingerprint = fingerprints(platform);
  let published = requireValid(first);
  let applied = published.hash;
  let follower: Follower | undefined;
  let schema: Promise<SchemaAnswer> | undefined;
  const isDeclared = secretsOf(sections);
  const isSecret: IsSecret = (path) => isDeclared(path) || keeper.holds(path);
  return {
    current: () => published,
    applied: () => applied,
    fingerprint,
    read,
    follow: async (by) => {
      const { follow } = await import("./_follow/follow.ts");
      follower = follow({
        ...by,
        sections,
        load,
        fingerprint,
        file: first,
        current: () => published,
        publish: (snapshot: ConfigSnapshot) => void (published = snapshot),
        settled: (hash: string) => void (applied = hash),
      });
    },
    written: async (file, by) => {
      const [{ planReload }, { changedPaths }] = await Promise.all([
        import("./_follow/plan.ts"),
        import("./_follow/changed.ts"),
      ]);
      const resolved = await keeper.resolved(file, "reload");
      const plan = planReload(sections, changedPaths(published.root, resolved.snapshot?.root ?? published.root));
      await follower?.adopt(resolved, by?.restart);
      return plan;
    },
    schema: async () => {
      schema ??= import("./_schema/hints.ts").then(({ describeSchema }) =>
        describeSchema(sections, platform.version, platform.clock.now()),
      );
      return schema;
    },
    edit: async (change) => {
      const context = { platform, sections, ...(secrets ? { secrets } : {}) };
      const written = await editConfig(context, [change]);
      const resolved = await keeper.resolved(written, "reload");
      if (follower) await follower.adopt(resolved);
      else published = requireValid(resolved);
      return written;
    },
    reloadSecrets: async () => {
      const loaded = await load();
      const snapshot = requireValid(loaded);
      if (follower) await follower.renew(loaded);
      else published = snapshot;
      return keeper.warnings();
    },
    redact: (value, path) => redact(value, isSecret, path === undefined ? [] : segmentsOf(path)),
  };
}

/**
 * Makes all changes or none: what would not be valid is not written, unless `accept` says otherwise (for
 * repairs, which may also make the file much smaller). Returns the file as written.
 */
export async function editConfig(
  context: WriteContext,
  requests: readonly EditRequest[],
  accept?: (file: ConfigFile) => boolean,
): Promise<ConfigFile> {
  const [{ commit }, { edits }] = await Promise.all([import("./_write/commit.ts"), import("./_write/drafts.ts")]);
  const named = requests.some((request) => "remove" in request && request.path === "gateway.mode");
  const removal = requests.every((request) => "remove" in request);
  const { file } = await commit(context, edits(context, requests), {
    ...(accept ? { accept } : {}),
    excuse: [...(named || accept ? (["mode"] as const) : []), ...(removal || accept ? (["size"] as const) : [])],
  });
  return file;
}

function segmentsOf(path: string): ReturnType<typeof parsePath> & object {
  const segments = parsePath(path);
  if (!segments) throw errors.CONFIG_PATH_MALFORMED({ path });
  return segments;
}
