import { platform as system } from "node:process";
import { sha256 } from "../../base/ids.ts";
import { pathFrom } from "../../base/path.ts";
import { Events } from "../../contracts/bus.ts";
import { provide } from "../../contracts/service.ts";
import type { Platform, ServiceContext } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { Catalog } from "./_catalog.ts";
import { commandsOf } from "./_commands.ts";
import { stateOf } from "./_eligible.ts";
import { envOf } from "./_env.ts";
import { Programs } from "./_programs.ts";
import { promptOf } from "./_prompt.ts";
import { rootsOf } from "./_roots.ts";
import { settingsOf } from "./_settings.ts";
import { BundledSkills, Skills } from "./index.ts";
import type { Skill, SkillProblem, SkillQuery, SkillSet, SkillState, SkillsService } from "./index.ts";

export const services = [provide(Skills, makeSkills)];

interface States {
  readonly skills: readonly SkillState[];
  readonly problems: readonly SkillProblem[];
}

/** What was worked out last for one agent and filter. */
interface Remembered {
  readonly stamp: string;
  readonly states: States;
  readonly set: SkillSet;
}

async function makeSkills({ use, platform, scope }: ServiceContext): Promise<SkillsService> {
  const bundled = await use(BundledSkills);
  const events = await use(Events);
  const catalog = new Catalog({
    clock: platform.clock,
    log: platform.log.for("skills"),
    changed: () => events.publish("skills.changed", { reason: "watch" }),
  });
  scope.add("watching skills", () => catalog.end());
  const programs = new Programs(platform);
  const remembered = new WeakMap<ConfigSnapshot, Map<string, Remembered>>();

  const work = async (query: SkillQuery): Promise<Remembered> => {
    const { agent, config, filter, fresh } = query;
    const settings = settingsOf(config, agent.id);
    if (fresh === true && !settings.watch) catalog.forget();
    const folders = pathPrepend(config, agent.workspace, platform);
    const stampNow = async () => `${catalog.generation} ${await programs.version(folders)}`;
    const key = JSON.stringify([agent.id, agent.workspace, filter ?? null]);
    const ofConfig = remembered.get(config) ?? new Map<string, Remembered>();
    remembered.set(config, ofConfig);
    const stamp = await stampNow();
    const known = ofConfig.get(key);
    if (known?.stamp === stamp) return known;

    const roots = rootsOf({ workspace: agent.workspace, config, paths: platform.paths, bundled });
    const scans = await Promise.all(roots.map((root) => catalog.scan(root, settings)));
    const skills = merge(scans.flatMap((scan) => scan.skills));
    const bins = await programs.find(
      skills.flatMap(({ requires }) => [...requires.bins, ...requires.anyBins]),
      folders,
    );
    const facts = {
      os: system,
      env: platform.env,
      config,
      has: (program: string) => bins.has(program),
      entries: settings.entries,
      ...(settings.allowBundled === undefined ? {} : { allowBundled: settings.allowBundled }),
      lists: [settings.agentList, filter].filter((list) => list !== undefined),
    };
    const states = {
      skills: skills.map((skill) => stateOf(skill, facts)),
      problems: scans.flatMap((scan) => scan.problems),
    };
    const eligible = states.skills.filter((state) => state.eligible).map(({ skill }) => skill);
    const { text: prompt, omitted } = promptOf(eligible, settings.maxPromptChars);
    const set = {
      version: sha256(JSON.stringify([prompt, eligible.map(({ name }) => name)])).slice(0, 16),
      prompt,
      env: envOf(eligible, { env: platform.env, entries: settings.entries }),
      skills: eligible,
      omitted,
    };
    const result = { stamp, states, set };
    ofConfig.set(key, result);
    return result;
  };

  return {
    eligible: async (query) => (await work(query)).set,
    states: async (query) => (await work(query)).states,
    commands: async ({ reserved = [], ...query }) => commandsOf((await work(query)).set.skills, reserved),
  };
}

/** Each name once: the first wins. */
function merge(all: readonly Skill[]): readonly Skill[] {
  const byName = new Map<string, Skill>();
  for (const skill of all) if (!byName.has(skill.name)) byName.set(skill.name, skill);
  return [...byName.values()];
}

/** Folders that commands of an agent look into before PATH. */
function pathPrepend(config: ConfigSnapshot, workspace: string, { paths }: Platform): readonly string[] {
  const folders = config.at("tools.exec.pathPrepend");
  return Array.isArray(folders) ? folders.map((folder) => pathFrom(workspace, String(folder), paths.home)) : [];
}
