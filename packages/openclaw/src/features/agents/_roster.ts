/**
 * Making, changing and removing agents: entries of `agents.list` in the configuration file, one after another.
 * What is changed is in force when the promise resolves.
 */
import { join } from "node:path";
import { errorText, systemCode } from "../../base/errors.ts";
import { ensureDir, exists, info, move, remove } from "../../base/files.ts";
import { isInside, pathFrom } from "../../base/path.ts";
import { Serial } from "../../base/queue.ts";
import { compact } from "../../base/text.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ModelsService } from "../../models/index.ts";
import type { ConfigService } from "../config/index.ts";
import { agentsOf } from "./_agents.ts";
import { isAddress } from "./_identity.ts";
import type { IdentityFields } from "./_identity.ts";
import { errors } from "./errors.ts";
import type { Agent } from "./index.ts";

export interface NewAgent {
  readonly name: string;
  readonly workspace: string;
  readonly model?: string;
  readonly emoji?: string;
  readonly avatar?: string;
  readonly agentDir?: string;
}

/** `model: null` takes the choice back. */
export interface AgentChange {
  readonly name?: string;
  readonly workspace?: string;
  readonly model?: string | null;
  readonly emoji?: string;
  readonly avatar?: string;
}

export interface Removal {
  readonly removedBindings: number;
  /** Folders that were put into the trash of the state directory. */
  readonly removed: readonly { readonly path: string; readonly method: "trash" }[];
  readonly failed: readonly { readonly path: string; readonly error: string }[];
  /** Other agents work in its workspace as well, which therefore stays. */
  readonly workspaceSharedWith?: readonly string[];
}

type Entry = Readonly<Record<string, unknown>> & { readonly id?: unknown };

const MAX_ID = 64;

export class Roster {
  readonly #config: ConfigService;
  readonly #platform: Platform;
  readonly #models: () => Promise<Pick<ModelsService, "canonical">>;
  readonly #line = new Serial();

  /** Which models there are is looked up only for an agent that names one. */
  constructor(config: ConfigService, platform: Platform, models: () => Promise<Pick<ModelsService, "canonical">>) {
    this.#config = config;
    this.#models = models;
    this.#platform = platform;
  }

  /** Throws `AGENT_NAME_UNUSABLE`, `AGENT_EXISTS`, `AGENT_DIR_TAKEN`, `AVATAR_OUTSIDE`, `UNKNOWN_MODEL`. */
  create(agent: NewAgent): Promise<Agent> {
    return this.#line.run(async () => {
      const id = slug(agent.name);
      if (id === "") throw errors.AGENT_NAME_UNUSABLE({ name: agent.name });
      if (this.#find(id)) throw errors.AGENT_EXISTS({ id });
      const { name, workspace, model, emoji, avatar, agentDir } = agent;
      const { home } = this.#platform.paths;
      if (avatar !== undefined) checkAvatar(avatar, pathFrom(home, workspace, home), home);
      const sharer = this.#agents().find(
        (other) => agentDir !== undefined && other.agentDir === pathFrom(home, agentDir, home),
      );
      if (sharer) throw errors.AGENT_DIR_TAKEN({ path: agentDir ?? "", id: sharer.id });
      await this.#checkModel(model);
      const identity = compact({ name, emoji, avatar });
      await this.#append(compact({ id, name, workspace, agentDir, model, identity }));
      return this.#known(id);
    });
  }

  /** Throws `AGENT_MISSING`, `AVATAR_OUTSIDE`, `UNKNOWN_MODEL`. */
  update(id: string, change: AgentChange): Promise<Agent> {
    return this.#line.run(async () => {
      const agent = this.#known(id);
      await this.#checkModel(change.model);
      if (change.avatar !== undefined) {
        const { home } = this.#platform.paths;
        const workspace = change.workspace === undefined ? agent.workspace : pathFrom(home, change.workspace, home);
        checkAvatar(change.avatar, workspace, home);
      }
      if (this.#entries().length === 0) await this.#append();
      const at = this.#entries().findIndex((entry) => entry.id === agent.id);
      const { name, workspace, model, emoji, avatar } = change;
      // The name that it goes by follows the one that it is listed under.
      const calledSo = agent.identity.name === undefined ? undefined : name;
      const wishes = {
        name,
        "identity.name": calledSo,
        workspace,
        model,
        "identity.emoji": emoji,
        "identity.avatar": avatar,
      };
      for (const [key, value] of Object.entries(wishes)) {
        if (value === undefined) continue;
        const path = `agents.list[${at}].${key}`;
        if (value !== null) await this.#config.edit({ path, value });
        else if (this.#entries()[at]?.[key] !== undefined) await this.#config.edit({ path, remove: true });
      }
      return this.#known(id);
    });
  }

  /** Writes who an agent is: the fields given. Throws `AGENT_MISSING`, `AVATAR_OUTSIDE`. */
  identify(id: string, fields: IdentityFields): Promise<Agent> {
    return this.#line.run(async () => {
      const agent = this.#known(id);
      if (fields.avatar !== undefined) checkAvatar(fields.avatar, agent.workspace, this.#platform.paths.home);
      if (this.#entries().length === 0) await this.#append();
      const at = this.#entries().findIndex((entry) => entry.id === agent.id);
      for (const [key, value] of Object.entries(fields))
        if (value !== undefined) await this.#config.edit({ path: `agents.list[${at}].identity.${key}`, value });
      return this.#known(id);
    });
  }

  /** Throws `AGENT_MISSING`, `AGENT_NEEDED` for the default agent. */
  remove(id: string, options: { readonly deleteFiles: boolean }): Promise<Removal> {
    return this.#line.run(async () => {
      const agent = this.#known(id);
      const others = this.#agents().filter((other) => other.id !== agent.id);
      if (agent.isDefault || others.length === 0) throw errors.AGENT_NEEDED({ id: agent.id });
      const removedBindings = await this.#unbind(agent.id);
      const at = this.#entries().findIndex((entry) => entry.id === agent.id);
      await this.#config.edit({ path: `agents.list[${at}]`, remove: true });
      const files = options.deleteFiles ? await this.#trash(agent, others) : { removed: [], failed: [] };
      if (options.deleteFiles) await this.#dropIndex(agent.id);
      return { removedBindings, ...files };
    });
  }

  /** A key may still be missing: it is given later, and asked for when the model is. */
  async #checkModel(model: string | null | undefined): Promise<void> {
    if (typeof model === "string") (await this.#models()).canonical(model, this.#config.current());
  }

  async #unbind(agentId: string): Promise<number> {
    const bindings = this.#config.current().at("bindings");
    const list = Array.isArray(bindings) ? (bindings as { agentId?: unknown }[]) : [];
    const bound = list.flatMap((binding, at) => (binding.agentId === agentId ? [at] : []));
    // From the end, so that the places of the others stay.
    for (const at of bound.toReversed()) await this.#config.edit({ path: `bindings[${at}]`, remove: true });
    return bound.length;
  }

  /** A first entry of its own keeps the agent that was there without one. */
  async #append(entry?: Entry): Promise<void> {
    const count = this.#entries().length;
    if (count > 0) {
      if (entry) await this.#config.edit({ path: `agents.list[${count}]`, value: entry });
      return;
    }
    const first = { id: this.#agents()[0]?.id ?? "main", default: true };
    await this.#config.edit({ path: "agents.list", value: entry ? [first, entry] : [first] });
  }

  /** The index of its memory was made from its notes and says what they said; one that others use too stays. */
  async #dropIndex(agentId: string): Promise<void> {
    const { state, home } = this.#platform.paths;
    const written = this.#config.current().at("agents.defaults.memorySearch.store.path");
    const path = typeof written === "string" ? written : join("memory", "{agentId}.sqlite");
    if (!path.includes("{agentId}")) return;
    const file = pathFrom(state, path.replaceAll("{agentId}", agentId), home);
    for (const end of ["", "-wal", "-shm"])
      if ((await info(`${file}${end}`))?.isFile === true) await remove(`${file}${end}`);
  }

  /** Nothing is thrown away that somebody else needs. */
  async #trash(agent: Agent, others: readonly Agent[]): Promise<Omit<Removal, "removedBindings">> {
    const { state, home } = this.#platform.paths;
    const sharers = others.filter(
      ({ workspace }) => isInside(agent.workspace, workspace) || isInside(workspace, agent.workspace),
    );
    const kept = [home, state, ...others.flatMap(({ workspace, agentDir }) => [workspace, agentDir])];
    const own = join(state, "agents", agent.id);
    const folders = [
      ...(sharers.length === 0 ? [agent.workspace] : []),
      own,
      ...(isInside(own, agent.agentDir) ? [] : [agent.agentDir]),
    ];
    const stamp = new Date(this.#platform.clock.now()).toISOString().replaceAll(":", "-");
    const removed: { path: string; method: "trash" }[] = [];
    const failed: { path: string; error: string }[] = [];
    for (const path of folders) {
      if (kept.some((other) => isInside(path, other)) || !(await exists(path))) continue;
      try {
        await discard(path, join(state, "trash"), `${agent.id}-${stamp}-${removed.length}`);
        removed.push({ path, method: "trash" });
      } catch (error) {
        failed.push({ path, error: errorText(error) });
      }
    }
    return { removed, failed, ...(sharers.length === 0 ? {} : { workspaceSharedWith: sharers.map(({ id }) => id) }) };
  }

  #agents(): readonly Agent[] {
    return agentsOf(this.#config.current(), this.#platform.paths, this.#platform.env);
  }

  #find(id: string): Agent | undefined {
    return this.#agents().find((agent) => agent.id === id.toLowerCase());
  }

  #known(id: string): Agent {
    const agent = this.#find(id);
    if (!agent) throw errors.AGENT_MISSING({ id });
    return agent;
  }

  #entries(): readonly Entry[] {
    const list = this.#config.current().at("agents.list");
    return Array.isArray(list) ? (list as Entry[]) : [];
  }
}

/** Puts a folder into the trash; beside where it was, when the trash lies on another disk. */
async function discard(path: string, trash: string, name: string): Promise<void> {
  await ensureDir(trash);
  try {
    await move(path, join(trash, name));
  } catch (error) {
    if (systemCode(error) !== "EXDEV") throw error;
    await move(path, `${path}.deleted-${name}`);
  }
}

/** Throws `AVATAR_OUTSIDE`. */
function checkAvatar(avatar: string, workspace: string, home: string): void {
  if (isAddress(avatar) || !looksLikeFile(avatar)) return;
  if (!isInside(workspace, pathFrom(workspace, avatar, home))) throw errors.AVATAR_OUTSIDE({ avatar, workspace });
}

/** Not an emoji or a letter. */
function looksLikeFile(avatar: string): boolean {
  return /[/\\]|\.[a-z]{3,4}$/i.test(avatar);
}

/** An id of a name: lower case, `-` for what an id cannot hold. */
export function slug(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9_]+/g, "-")
    .slice(0, MAX_ID)
    .replace(/^-+|-+$/g, "");
}
