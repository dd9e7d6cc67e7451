/** `sessions.*`: the list of conversations and what can be done with one. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { uuid } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import { Config } from "../config/index.ts";
import { AgentId, Key, Open, defaultAgentId, keyOf } from "./_methods-params.ts";
import { rowForClients } from "./_view.ts";
import { Lanes, Sessions } from "./index.ts";

const str = Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Null()]));
const flag = Type.Optional(Type.Boolean());
const nullableFlag = Type.Optional(Type.Union([Type.Boolean(), Type.Null()]));
const Attachments = Type.Optional(Type.Array(Type.Unknown(), { maxItems: 20 }));

export const methods = [
  defineMethod({
    name: "sessions.list",
    scope: "operator.read",
    summary: "Lists conversations, newest first.",
    params: closed({
      limit: Type.Optional(Type.Integer({ minimum: 1 })),
      offset: Type.Optional(Type.Integer({ minimum: 0 })),
      activeMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
      includeGlobal: flag,
      includeUnknown: flag,
      includeDerivedTitles: flag,
      includeLastMessage: flag,
      label: Type.Optional(Type.String()),
      spawnedBy: Type.Optional(Type.String()),
      agentId: AgentId,
      search: Type.Optional(Type.String({ maxLength: 200 })),
      sortBy: Type.Optional(Type.String()),
      pinned: flag,
      configuredAgentsOnly: flag,
      archived: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("all")])),
      ownerFirst: flag,
      excludeSubagents: flag,
      creatorId: Type.Optional(Type.String()),
      ownerId: Type.Optional(Type.String()),
      involvingMe: flag,
      includePeople: flag,
      includeActivitySummary: flag,
    }),
    result: closed({
      ts: Type.Integer(),
      path: Type.String(),
      count: Type.Integer(),
      totalCount: Type.Integer(),
      limitApplied: Type.Integer(),
      offset: Type.Integer(),
      nextOffset: Type.Union([Type.Integer(), Type.Null()]),
      hasMore: Type.Boolean(),
      defaults: Open,
      sessions: Type.Array(Open),
    }),
    async run(call, params) {
      const [sessions, lanes, config] = await Promise.all([call.use(Sessions), call.use(Lanes), call.use(Config)]);
      const limit = Math.min(params.limit ?? 100, 1000);
      const offset = params.offset ?? 0;
      const { rows, total } = await sessions.list(
        compact({
          limit,
          offset,
          agentId: params.agentId,
          activeMinutes: params.activeMinutes,
          label: params.label,
          search: params.search,
          archived: params.archived,
        }),
      );
      const now = call.platform.clock.now();
      const defaults = modelDefaults(config.current().at("agents.defaults.model"));
      const shown = rows.map((row) =>
        rowForClients(row, now, compact({ activeRunId: lanes.active(row.key), defaults })),
      );
      const nextOffset = offset + rows.length < total ? offset + rows.length : null;
      return {
        ts: now,
        path: `${call.platform.paths.state}/agents/${params.agentId ?? defaultAgentId(config.current().at("agents.list"))}/sessions/sessions.json`,
        count: shown.length,
        totalCount: total,
        limitApplied: limit,
        offset,
        nextOffset,
        hasMore: nextOffset !== null,
        defaults: {
          modelProvider: defaults.provider,
          model: defaults.model,
          contextTokens: null,
          thinkingLevels: [],
          thinkingOptions: [],
          thinkingDefault: "off",
          agentRuntime: { id: "pi", source: "default" },
        },
        sessions: shown,
      };
    },
  }),

  defineMethod({
    name: "sessions.describe",
    scope: "operator.read",
    summary: "One conversation, or null.",
    params: closed({ key: Key, agentId: AgentId, includeDerivedTitles: flag, includeLastMessage: flag }),
    result: closed({ session: Type.Union([Open, Type.Null()]) }),
    async run(call, params) {
      const row = await (await call.use(Sessions)).get(await keyOf(call, params.key, params.agentId));
      return {
        session: row
          ? rowForClients(
              row,
              call.platform.clock.now(),
              compact({ activeRunId: (await call.use(Lanes)).active(row.key) }),
            )
          : null,
      };
    },
  }),

  defineMethod({
    name: "sessions.create",
    scope: "operator.write",
    summary: "Makes a conversation, or returns the existing one unchanged.",
    params: closed({
      key: Type.Optional(Key),
      agentId: AgentId,
      label: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
      displayName: Type.Optional(Type.String({ maxLength: 512 })),
      model: Type.Optional(Type.String({ maxLength: 512 })),
      thinkingLevel: Type.Optional(Type.String()),
      fastMode: Type.Optional(Type.Unknown()),
      parentSessionKey: Type.Optional(Type.String()),
      succeedsParent: flag,
      emitCommandHooks: flag,
      idempotencyKey: Type.Optional(Type.String({ maxLength: 512 })),
      attachments: Attachments,
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    result: closed({
      ok: Type.Boolean(),
      key: Type.String(),
      sessionId: Type.String(),
      entry: Open,
      runStarted: Type.Boolean(),
      resolved: Open,
    }),
    async run(call, params) {
      const sessions = await call.use(Sessions);
      const config = (await call.use(Config)).current();
      const key = await keyOf(call, params.key ?? `dashboard:${uuid(call.platform.random)}`, params.agentId);
      let row = await sessions.ensure(key, compact({ label: params.label }));
      const wishes = compact({
        displayName: params.displayName,
        modelOverride: params.model,
        thinkingLevel: params.thinkingLevel,
      });
      if (Object.keys(wishes).length > 0) row = (await sessions.patch(key, { set: wishes })) ?? row;
      const defaults = modelDefaults(config.at("agents.defaults.model"));
      return {
        ok: true,
        key,
        sessionId: row.entry.sessionId,
        entry: { ...row.entry },
        runStarted: false,
        resolved: { modelProvider: defaults.provider, model: defaults.model },
      };
    },
  }),

  defineMethod({
    name: "sessions.patch",
    scope: "operator.write",
    summary: "Changes preferences of a conversation; null clears.",
    scopeFor: (params) =>
      ["thinkingLevel", "fastMode", "verboseLevel", "traceLevel", "reasoningLevel", "elevatedLevel", "sendPolicy"].some(
        (name) => name in params,
      )
        ? "operator.admin"
        : "operator.write",
    params: closed({
      key: Key,
      agentId: AgentId,
      label: str,
      displayName: str,
      model: str,
      thinkingLevel: Type.Optional(
        Type.Union([choice(["off", "minimal", "low", "medium", "high", "xhigh"]), Type.Null()]),
      ),
      fastMode: Type.Optional(Type.Unknown()),
      verboseLevel: str,
      traceLevel: str,
      reasoningLevel: str,
      elevatedLevel: str,
      responseUsage: str,
      sendPolicy: Type.Optional(Type.Union([choice(["allow", "deny"]), Type.Null()])),
      groupActivation: str,
      queueMode: str,
      pinned: nullableFlag,
      archived: nullableFlag,
      unread: nullableFlag,
      expectedSessionId: Type.Optional(Type.String()),
    }),
    result: closed({ ok: Type.Boolean(), path: Type.String(), key: Type.String(), entry: Open, resolved: Open }),
    async run(call, { key: given, agentId, expectedSessionId: _expected, model, ...wishes }) {
      const sessions = await call.use(Sessions);
      const key = await keyOf(call, given, agentId);
      await sessions.ensure(key);
      const chosen =
        model === undefined
          ? {}
          : { modelOverride: model, modelOverrideSource: model === null ? null : "user", providerOverride: null };
      const row = await sessions.patch(key, { set: { ...wishes, ...chosen } });
      return {
        ok: true,
        path: `${call.platform.paths.state}/agents/${row?.agentId ?? "main"}/sessions/sessions.json`,
        key,
        entry: { ...row?.entry },
        resolved: {
          modelProvider: row?.entry.providerOverride ?? row?.entry.modelProvider ?? null,
          model: row?.entry.modelOverride ?? row?.entry.model ?? null,
          agentRuntime: { id: "pi", source: "default" },
        },
      };
    },
  }),

  defineMethod({
    name: "sessions.reset",
    scope: "operator.admin",
    summary: "Starts a conversation afresh; the old transcript is archived.",
    params: closed({
      key: Key,
      reason: Type.Optional(choice(["new", "reset"])),
      agentId: AgentId,
      expectedSessionId: Type.Optional(Type.String()),
    }),
    result: closed({ ok: Type.Boolean(), key: Type.String(), entry: Open, resolved: Open }),
    async run(call, params) {
      const key = await keyOf(call, params.key, params.agentId);
      await stopRuns(call, key);
      const row = await (await call.use(Sessions)).reset(key, params.reason ?? "reset");
      return { ok: true, key, entry: { ...row.entry }, resolved: {} };
    },
  }),

  defineMethod({
    name: "sessions.delete",
    scope: "operator.admin",
    summary: "Removes a conversation; the transcript is archived unless asked otherwise. The main session stays.",
    params: closed({
      key: Key,
      agentId: AgentId,
      deleteTranscript: flag,
      emitLifecycleHooks: flag,
      expectedSessionId: Type.Optional(Type.String()),
    }),
    result: closed({
      ok: Type.Boolean(),
      key: Type.String(),
      deleted: Type.Boolean(),
      archived: Type.Array(Type.String()),
    }),
    async run(call, params) {
      const key = await keyOf(call, params.key, params.agentId);
      await stopRuns(call, key);
      const outcome = await (
        await call.use(Sessions)
      ).delete(key, { deleteTranscript: params.deleteTranscript ?? true });
      return { ok: true, key, ...outcome };
    },
  }),
];

/** Stops whatever runs or waits in the session and waits until it has ended, at most 10 s. */
async function stopRuns(call: Parameters<(typeof methods)[number]["run"]>[0], key: string): Promise<void> {
  const lanes = await call.use(Lanes);
  const stopped = await lanes.abort({ sessionKey: key }, call.caller.principal, "rpc");
  await Promise.all(stopped.map((id) => lanes.wait(id, 10_000)));
}

function modelDefaults(model: unknown): { provider: string; model: string } {
  const ref =
    typeof model === "string"
      ? model
      : typeof model === "object" && model !== null && "primary" in model
        ? String(model.primary)
        : "offline/assistant";
  const slash = ref.indexOf("/");
  return slash < 0 ? { provider: "", model: ref } : { provider: ref.slice(0, slash), model: ref.slice(slash + 1) };
}
