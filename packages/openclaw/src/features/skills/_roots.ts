/** The folders in which an agent's skills lie. */
import { dirname, join } from "node:path";
import { pathFrom } from "../../base/path.ts";
import type { Paths } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { skillsSection } from "./config.ts";
import type { SkillSource } from "./index.ts";

export interface Root {
  /** Absolute. */
  readonly path: string;
  readonly source: SkillSource;
  /** Folder that the root itself must not leave by a link: agents can write there. */
  readonly within?: string;
  /** Nobody changes it while the gateway runs. */
  readonly fixed?: true;
}

interface RootsOf {
  readonly workspace: string;
  readonly config: ConfigSnapshot;
  readonly paths: Paths;
  readonly bundled: string | undefined;
}

/** Highest precedence first, each folder once. */
export function rootsOf({ workspace, config, paths, bundled }: RootsOf): readonly Root[] {
  const extra = config.section(skillsSection).load.extraDirs;
  const all: Root[] = [
    { path: join(workspace, "skills"), source: "openclaw-workspace", within: workspace },
    { path: join(workspace, ".agents", "skills"), source: "agents-skills-project", within: workspace },
    { path: join(paths.home, ".agents", "skills"), source: "agents-skills-personal" },
    { path: join(paths.state, "skills"), source: "openclaw-managed" },
    ...(bundled === undefined ? [] : [{ path: bundled, source: "openclaw-bundled", fixed: true } as const]),
    ...extra.map((folder): Root => ({
      path: pathFrom(dirname(paths.config), folder, paths.home),
      source: "openclaw-extra",
    })),
  ];
  return [...new Map(all.toReversed().map((root) => [root.path, root])).values()].toReversed();
}
