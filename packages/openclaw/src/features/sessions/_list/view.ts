/** A session as clients see it: `sessions.list`, `sessions.describe`, events, `chat.history`. */
import { compact } from "../../../base/text.ts";
import type { ModelRow } from "../../../contracts/model.ts";
import { agentModel, thinkingDefault, thinkingLevels, usedWindow } from "../../../models/index.ts";
import type { ModelsService } from "../../../models/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { ConfigService, ConfigSnapshot } from "../../config/index.ts";
import { kindOf, parseKey } from "../_keys.ts";
import { sessionSection } from "../config.ts";

/** The engine that runs agents here. */
export const RUNTIME = { id: "pi", source: "default" } as const;

/** What a session of this agent uses when nothing else is chosen. Part of `sessions.list` and `chat.history`. */
export interface SessionDefaults {
  readonly modelProvider: string | null;
  readonly model: string | null;
  readonly contextTokens: number | null;
  readonly thinkingLevels: readonly { readonly id: string; readonly label: string }[];
  readonly thinkingOptions: readonly string[];
  readonly thinkingDefault: string;
  readonly agentRuntime: typeof RUNTIME;
}

export interface RowViewDeps {
  readonly config: ConfigService;
  /** Needed only when somebody looks: a start must not wait for the catalogue. */
  readonly models: () => Promise<ModelsService>;
  readonly now: () => number;
}

interface Catalog {
  readonly config: ConfigSnapshot;
  readonly rows: ReadonlyMap<string, ModelRow>;
  readonly refOf: (agentId: string) => string;
}

export class RowView {
  readonly #deps: RowViewDeps;
  #catalog: Catalog | undefined;
  #loading: Promise<void> | undefined;

  constructor(deps: RowViewDeps) {
    this.#deps = deps;
  }

  /** Knows the models of the configuration in force; before that, rows lack their thinking levels. */
  async ready(): Promise<this> {
    const config = this.#deps.config.current();
    if (this.#catalog?.config === config) return this;
    this.#loading ??= this.#load(config).finally(() => (this.#loading = undefined));
    await this.#loading;
    return this;
  }

  /** The documented `Row`. Fields that no feature fills yet are absent. */
  of(row: SessionRow, activeRunId: string | undefined): Record<string, unknown> {
    const { entry, key } = row;
    const fallback = this.defaults(row.agentId);
    const provider = entry.providerOverride ?? entry.modelProvider ?? fallback.modelProvider ?? "";
    const model = entry.modelOverride ?? entry.model ?? fallback.model ?? "";
    const known = this.#row(`${provider}/${model}`);
    const levels = known ? thinkingLevels(known) : fallback.thinkingLevels;
    const active = activeRunId !== undefined;
    const { systemPromptReport: _forContext, ...shown } = entry;
    return {
      ...shown,
      ...compact({ chatType: entry.chatType ?? chatTypeOf(key), deliveryContext: deliveryContext(entry) }),
      key,
      kind: kindOf(key),
      agentId: row.agentId,
      totalTokensFresh: entry.totalTokens !== undefined,
      contextTokens: entry.contextTokens ?? this.#window(known) ?? fallback.contextTokens,
      modelProvider: provider,
      model,
      modelOverrideSource: entry.modelOverride === undefined ? "default" : (entry.modelOverrideSource ?? "user"),
      thinkingLevels: levels,
      thinkingOptions: levels.map(({ id }) => id),
      thinkingDefault: known ? thinkingDefault(known) : fallback.thinkingDefault,
      ...(active ? { status: "running" } : {}),
      hasActiveRun: active,
      activeRunIds: active ? [activeRunId] : [],
      archived: entry.archived ?? false,
      pinned: entry.pinned ?? false,
      unread: entry["unread"] === true,
      isMain: parseKey(key)?.rest === this.#deps.config.current().section(sessionSection).mainKey,
      agentRuntime: RUNTIME,
      visibility: "shared",
      snapshotAt: this.#deps.now(),
    };
  }

  defaults(agentId: string): SessionDefaults {
    const ref = this.#catalog?.refOf(agentId);
    const slash = ref?.indexOf("/") ?? -1;
    const known = ref === undefined ? undefined : this.#row(ref);
    const levels = known ? thinkingLevels(known) : [];
    return {
      modelProvider: ref === undefined ? null : ref.slice(0, Math.max(0, slash)),
      model: ref === undefined ? null : ref.slice(slash + 1),
      contextTokens: this.#window(known) ?? null,
      thinkingLevels: levels,
      thinkingOptions: levels.map(({ id }) => id),
      thinkingDefault: known ? thinkingDefault(known) : "off",
      agentRuntime: RUNTIME,
    };
  }

  /** Thinking levels of a model; undefined for one that is not listed. */
  levels(ref: string): readonly string[] | undefined {
    const known = this.#row(ref);
    return known && thinkingLevels(known).map(({ id }) => id);
  }

  #window(row: ModelRow | undefined): number | undefined {
    return row && usedWindow(row, this.#deps.config.current());
  }

  #row(ref: string): ModelRow | undefined {
    return this.#catalog?.rows.get(ref);
  }

  async #load(config: ConfigSnapshot): Promise<void> {
    const models = await this.#deps.models();
    const listed = await models.list(config, "all");
    this.#catalog = {
      config,
      rows: new Map(listed.map(({ provider, row }) => [`${provider}/${row.id}`, row])),
      refOf: (agentId) => models.defaultRef(config, agentModel(config, agentId)),
    };
  }
}

function chatTypeOf(key: string): string | undefined {
  const rest = parseKey(key)?.rest;
  if (rest === undefined) return undefined;
  const match = /(?:^|:)(group|channel|room):/.exec(rest);
  return match === null ? "direct" : match[1] === "group" ? "group" : "channel";
}

function deliveryContext({ lastChannel, lastTo, lastAccountId }: SessionRow["entry"]) {
  if (lastChannel === undefined || lastTo === undefined) return undefined;
  return compact({ channel: lastChannel, to: lastTo, accountId: lastAccountId });
}
