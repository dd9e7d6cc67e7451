/** Session rows: made on first use, renewed by policy, reset and deleted on request. */
import { uuid } from "../../base/ids.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { SessionRow, Store, Transcripts } from "../../store/index.ts";
import type { ConfigService } from "../config/index.ts";
import { staleness } from "./_freshness.ts";
import { kindOf, mainKey, parseKey } from "./_keys.ts";
import { rowForClients } from "./_view.ts";
import { sessionSection } from "./config.ts";
import { errors } from "./errors.ts";
import type { SessionsService } from "./index.ts";

export interface SessionDeps {
  readonly platform: Platform;
  readonly store: Store;
  readonly transcripts: Transcripts;
  readonly config: ConfigService;
  readonly events: EventBus;
}

/** What a reset keeps: the person's preferences. Everything else belongs to the conversation that ended. */
const KEPT = [
  "label",
  "displayName",
  "chatType",
  "channel",
  "lastChannel",
  "lastTo",
  "lastAccountId",
  "thinkingLevel",
  "verboseLevel",
  "reasoningLevel",
  "elevatedLevel",
  "traceLevel",
  "fastMode",
  "sendPolicy",
  "providerOverride",
  "modelOverride",
  "modelOverrideSource",
  "authProfileOverride",
  "queueMode",
  "queueDebounceMs",
  "queueCap",
  "queueDrop",
  "groupActivation",
  "responseUsage",
  "ttsAuto",
  "pinned",
  "createdAt",
] as const;

export function createSessions(deps: SessionDeps): SessionsService {
  const { store, platform } = deps;

  const fresh = (previous?: SessionRow["entry"]): SessionRow["entry"] => {
    const now = platform.clock.now();
    const kept = previous
      ? Object.fromEntries(KEPT.filter((name) => previous[name] !== undefined).map((name) => [name, previous[name]]))
      : {};
    return {
      createdAt: now,
      ...kept,
      sessionId: uuid(platform.random),
      updatedAt: now,
      sessionStartedAt: now,
      lifecycleRevision: (previous?.lifecycleRevision ?? 0) + 1,
    };
  };

  /** System events older than `before` belong to the conversation that ended. */
  const renew = async (row: SessionRow, before: number): Promise<SessionRow> => {
    const entry = fresh(row.entry);
    const gone = Object.keys(row.entry).filter((name) => !(name in entry));
    const set = { ...Object.fromEntries(gone.map((name) => [name, null])), ...entry };
    const next = await store.sessions.patch(row.key, { set });
    await deps.transcripts.archive({ agentId: row.agentId, sessionId: row.entry.sessionId }, "reset");
    await store.systemEvents.drop(row.key, before);
    return next ?? { ...row, entry };
  };

  const changed: SessionsService["changed"] = (row, reason, activeRunId) => {
    const view = rowForClients(row, platform.clock.now(), activeRunId === undefined ? {} : { activeRunId });
    deps.events.publish("sessions.changed", {
      ...view,
      sessionKey: row.key,
      agentId: row.agentId,
      ts: platform.clock.now(),
      session: view,
      reason,
    });
  };

  /** Makes the row; another caller may have been faster. */
  const create = async (
    key: string,
    hints: { readonly address?: Address; readonly label?: string },
  ): Promise<SessionRow> => {
    const { created, row } = await store.sessions.ensure({
      key,
      agentId: parseKey(key)?.agentId ?? "main",
      entry: {
        ...fresh(),
        ...(hints.label === undefined ? {} : { label: hints.label }),
        ...(hints.address ? { chatType: hints.address.kind, channel: hints.address.channel } : {}),
      },
    });
    if (created) changed(row, "create");
    return row;
  };

  return {
    changed,
    get: (key) => store.sessions.get(key),
    patch: async (key, patch) => {
      const row = await store.sessions.patch(key, { ...patch, set: { updatedAt: platform.clock.now(), ...patch.set } });
      if (row) changed(row, "patch");
      return row;
    },
    async ensure(key, hints = {}) {
      const existing = await store.sessions.get(key);
      if (!existing) return create(key, hints);
      const kind = hints.address?.thread !== undefined ? "thread" : kindOf(key) === "group" ? "group" : "direct";
      const question = {
        entry: existing.entry,
        kind,
        channel: hints.address?.channel,
        now: platform.clock.now(),
      } as const;
      const stale = staleness(deps.config.current().section(sessionSection), question);
      if (!stale) return existing;
      const renewed = await renew(existing, stale.since);
      changed(renewed, "reset");
      return renewed;
    },
    list: (filter) =>
      store.sessions.list({
        ...(filter.agentId === undefined ? {} : { agentId: filter.agentId }),
        ...(filter.activeMinutes === undefined
          ? {}
          : { activeSince: platform.clock.now() - filter.activeMinutes * 60_000 }),
        ...(filter.label === undefined ? {} : { label: filter.label }),
        ...(filter.search === undefined ? {} : { search: filter.search }),
        archived: filter.archived ?? false,
        limit: filter.limit ?? 100,
        offset: filter.offset ?? 0,
      }),
    async reset(key) {
      const row = await store.sessions.get(key);
      if (!row) return this.ensure(key);
      const renewed = await renew(row, platform.clock.now());
      changed(renewed, "reset");
      return renewed;
    },
    async delete(key, options) {
      const parsed = parseKey(key);
      const mainName = deps.config.current().section(sessionSection).mainKey;
      if (parsed && key === mainKey(parsed.agentId, mainName)) throw errors.SESSION_MAIN_UNDELETABLE({ key });
      const row = await store.sessions.delete(key);
      if (!row) return { deleted: false, archived: [] };
      await store.systemEvents.drop(key, Number.MAX_SAFE_INTEGER);
      const path = options.deleteTranscript
        ? await deps.transcripts.archive({ agentId: row.agentId, sessionId: row.entry.sessionId }, "deleted")
        : undefined;
      changed(row, "delete");
      return { deleted: true, archived: path === undefined ? [] : [path] };
    },
  };
}
