/** Session rows: made on first use, renewed by policy, reset and deleted on request. */
import { compact } from "../../base/text.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { SessionRow, Store, Transcripts } from "../../store/index.ts";
import type { ConfigService } from "../config/index.ts";
import { Announcer } from "./_change/announce.ts";
import { freshEntry, replacing } from "./_entry.ts";
import { staleness } from "./_freshness.ts";
import { kindOf, mainKey, parseKey } from "./_keys.ts";
import type { RowView } from "./_list/view.ts";
import { sessionSection } from "./config.ts";
import { errors } from "./errors.ts";
import type { SessionsService } from "./index.ts";

export interface SessionDeps {
  readonly platform: Platform;
  readonly store: Store;
  readonly transcripts: Transcripts;
  readonly config: ConfigService;
  readonly events: EventBus;
  readonly view: RowView;
  /** The run of a session that is under way. */
  readonly active: (key: string) => string | undefined;
}

export function createSessions(deps: SessionDeps): SessionsService {
  const { store, platform } = deps;
  const announcer = new Announcer(deps);
  const changed: SessionsService["changed"] = (row, reason, runId) => announcer.changed(row, reason, runId);

  /** System events older than `before` belong to the conversation that ended. */
  const renew = async (row: SessionRow, before: number, by?: "new" | "reset"): Promise<SessionRow> => {
    const entry = { ...freshEntry(platform, row.entry), ...(by === undefined ? {} : { startedBy: by }) };
    await (await import("./_search/note.ts")).noteKey(deps.transcripts, row);
    const next = await store.sessions.patch(row.key, { set: replacing(row.entry, entry) });
    await deps.transcripts.archive({ agentId: row.agentId, sessionId: row.entry.sessionId }, "reset");
    await store.systemEvents.drop(row.key, before);
    return next ?? { ...row, entry };
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
        ...freshEntry(platform),
        ...(hints.label === undefined ? {} : { label: hints.label }),
        ...(hints.address ? { chatType: hints.address.kind, channel: hints.address.channel } : {}),
      },
    });
    if (created) changed(row, "create");
    return row;
  };

  return {
    changed,
    view: async (row) => (await deps.view.ready()).of(row, deps.active(row.key)),
    views: async (rows) => {
      const [view, children] = await Promise.all([
        deps.view.ready(),
        deps.store.sessions.children(rows.map(({ key }) => key)),
      ]);
      return rows.map((row) => ({
        ...view.of(row, deps.active(row.key)),
        ...compact({ childSessions: children.get(row.key) }),
      }));
    },
    shown: (key) => announcer.shown(key),
    defaults: async (agentId) => (await deps.view.ready()).defaults(agentId),
    levels: async (ref) => (await deps.view.ready()).levels(ref),
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
    list: ({ activeMinutes, archived = false, limit = 100, offset = 0, ...filter }) =>
      store.sessions.list({
        ...filter,
        ...(activeMinutes === undefined ? {} : { activeSince: platform.clock.now() - activeMinutes * 60_000 }),
        archived,
        limit,
        offset,
      }),
    async reset(key, reason) {
      const row = await store.sessions.get(key);
      if (!row) return this.ensure(key);
      const renewed = await renew(row, platform.clock.now(), reason);
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
