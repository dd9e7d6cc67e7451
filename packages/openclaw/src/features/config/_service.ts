/** The published configuration and the one way to change its file. */
import type { ConfigSection } from "../../contracts/config.ts";
import type { Platform } from "../../contracts/service.ts";
import { commit, type WriteContext } from "./_commit.ts";
import { edits, type EditRequest } from "./_drafts.ts";
import { errors } from "./errors.ts";
import type { Follower } from "./_follow.ts";
import type { SchemaAnswer } from "./_hints.ts";
import type { ConfigFile, ConfigService, ConfigSnapshot } from "./index.ts";
import { loadConfig } from "./_load.ts";
import { parsePath } from "./_path.ts";
import { redact, secretsOf } from "./_redact.ts";
import { requireValid } from "./_report.ts";
import type { StartFile } from "./_start.ts";

export interface CreateConfig {
  readonly platform: Pick<Platform, "env" | "paths" | "clock" | "version">;
  readonly sections: readonly ConfigSection[];
  /** What was loaded already; read now when absent. */
  readonly file?: StartFile;
}

/** Throws the fault of the first load when the file is invalid. */
export async function createConfig({ platform, sections, file }: CreateConfig): Promise<ConfigService> {
  const first: StartFile = file ?? (await loadConfig({ platform, sections }));
  let published = requireValid(first);
  let applied = published.hash;
  let follower: Follower | undefined;
  let schema: Promise<SchemaAnswer> | undefined;
  const load = () => loadConfig({ platform, sections });
  const isSecret = secretsOf(sections);
  return {
    current: () => published,
    applied: () => applied,
    read: load,
    follow: async (by) => {
      const { follow } = await import("./_follow.ts");
      follower = follow({
        ...by,
        sections,
        load,
        file: first,
        current: () => published,
        publish: (snapshot: ConfigSnapshot) => void (published = snapshot),
        settled: (hash: string) => void (applied = hash),
      });
    },
    written: async (file, by) => follower?.adopt(file, by?.restart),
    schema: async () => {
      schema ??= import("./_hints.ts").then(({ describeSchema }) =>
        describeSchema(sections, platform.version, platform.clock.now()),
      );
      return schema;
    },
    edit: async (change) => {
      const written = await editConfig({ platform, sections }, [change]);
      await follower?.adopt(written);
      return written;
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
