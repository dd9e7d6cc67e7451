/**
 * From folders to what an agent may use:
 *
 * 1. the roots of the agent, each scanned once and again when it changed
 * 2. each name once, from the highest root
 * 3. what stands between the agent and each of them
 * 4. of the eligible ones the list for the prompt, and their variables
 *
 * What came out is kept for as long as configuration, folders and programs stay as they are.
 */
import { platform as system } from "node:process";
import { sha256 } from "../../base/ids.ts";
import { isInside, pathFrom } from "../../base/path.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { Catalog } from "./_catalog.ts";
import { stateOf } from "./_eligible.ts";
import { envOf } from "./_env.ts";
import type { Programs } from "./_programs.ts";
import { promptOf } from "./_prompt.ts";
import { rootsOf } from "./_roots.ts";
import { settingsOf, type SkillSettings } from "./_settings.ts";
import type { Skill, SkillProblem, SkillQuery, SkillSet, SkillState } from "./index.ts";

export interface States {
  readonly skills: readonly SkillState[];
  readonly problems: readonly SkillProblem[];
}

interface Known extends States {
  /** What it was worked out from. */
  readonly stamp: string;
  readonly set: SkillSet;
}

interface OfficeDeps {
  readonly platform: Platform;
  readonly catalog: Catalog;
  readonly programs: Programs;
  readonly bundled: string | undefined;
}

export class Office {
  readonly #deps: OfficeDeps;
  readonly #known = new WeakMap<ConfigSnapshot, Map<string, Known>>();

  constructor(deps: OfficeDeps) {
    this.#deps = deps;
  }

  async set(query: SkillQuery): Promise<SkillSet> {
    return (await this.#ask(query)).set;
  }

  async states(query: SkillQuery): Promise<States> {
    const { skills, problems } = await this.#ask(query);
    return { skills, problems };
  }

  async #ask(query: SkillQuery): Promise<Known> {
    const { agent, config, filter, within, fresh } = query;
    const { catalog, programs, platform } = this.#deps;
    const settings = settingsOf(config, agent.id);
    if (fresh === true) catalog.renew();
    const folders = pathPrepend(config, agent.workspace, platform);
    const stamp = `${catalog.generation} ${await programs.version(folders)}`;
    const key = JSON.stringify([agent.id, agent.workspace, filter ?? null, within ?? null]);
    const ofConfig = this.#known.get(config) ?? new Map<string, Known>();
    this.#known.set(config, ofConfig);
    const known = ofConfig.get(key);
    if (known?.stamp === stamp) return known;
    const states = await this.#judge(query, settings, folders);
    const result = { stamp, ...states, set: this.#setOf(states.skills, settings, within) };
    ofConfig.set(key, result);
    return result;
  }

  async #judge(
    { agent, config, filter }: SkillQuery,
    settings: SkillSettings,
    folders: readonly string[],
  ): Promise<States> {
    const { catalog, programs, platform, bundled } = this.#deps;
    const roots = rootsOf({ workspace: agent.workspace, config, paths: platform.paths, bundled });
    const scans = await Promise.all(roots.map((root) => catalog.scan(root, settings)));
    const skills = eachNameOnce(scans.flatMap((scan) => scan.skills));
    const wanted = skills.flatMap(({ requires }) => [...requires.bins, ...requires.anyBins]);
    const found = await programs.find(wanted, folders);
    const facts = {
      os: system,
      env: platform.env,
      config,
      has: (program: string) => found.has(program),
      entries: settings.entries,
      ...(settings.allowBundled === undefined ? {} : { allowBundled: settings.allowBundled }),
      lists: [settings.agentList, filter].filter((list) => list !== undefined),
    };
    return { skills: skills.map((skill) => stateOf(skill, facts)), problems: scans.flatMap((scan) => scan.problems) };
  }

  #setOf(
    states: readonly SkillState[],
    { entries, maxPromptChars }: SkillSettings,
    within: string | undefined,
  ): SkillSet {
    const eligible = states
      .filter((state) => state.eligible && (within === undefined || isInside(within, state.skill.filePath)))
      .map(({ skill }) => skill);
    const { text: prompt, omitted } = promptOf(eligible, maxPromptChars);
    return {
      version: sha256(JSON.stringify([prompt, eligible.map(({ name }) => name)])).slice(0, 16),
      prompt,
      env: envOf(eligible, { env: this.#deps.platform.env, entries }),
      skills: eligible,
      omitted,
    };
  }
}

/** The first of each name wins. */
function eachNameOnce(all: readonly Skill[]): readonly Skill[] {
  const byName = new Map<string, Skill>();
  for (const skill of all) if (!byName.has(skill.name)) byName.set(skill.name, skill);
  return [...byName.values()];
}

/** Folders that commands of an agent look into before PATH. */
function pathPrepend(config: ConfigSnapshot, workspace: string, { paths }: Platform): readonly string[] {
  const folders = config.at("tools.exec.pathPrepend");
  return Array.isArray(folders) ? folders.map((folder) => pathFrom(workspace, String(folder), paths.home)) : [];
}
