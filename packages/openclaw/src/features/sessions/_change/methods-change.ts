/** Changing: preferences, fresh starts, removal. */
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { AgentId, Flag, Key, Open } from "../_methods-params.ts";

const Text = Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 512 }), Type.Null()]));
const Expected = Type.Optional(
  Type.String({ maxLength: 512, description: "Refuse when the session has another id by now" }),
);

/** Preferences that change how much a session may do, think or say: for admins. */
const FOR_ADMINS = [
  "thinkingLevel",
  "fastMode",
  "verboseLevel",
  "traceLevel",
  "reasoningLevel",
  "elevatedLevel",
  "sendPolicy",
  "execHost",
  "execSecurity",
  "execAsk",
  "execNode",
  "permissionMode",
] as const;

/** What a conversation may say of itself, apart from its name, which no other of the agent has. */
const Preferences = {
  displayName: Text,
  model: Text,
  thinkingLevel: Text,
  fastMode: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("auto"), Type.Null()])),
  verboseLevel: Text,
  traceLevel: Text,
  reasoningLevel: Text,
  elevatedLevel: Text,
  responseUsage: Text,
  sendPolicy: Text,
  groupActivation: Text,
  queueMode: Text,
  execHost: Text,
  execSecurity: Text,
  execAsk: Text,
  execNode: Text,
  pinned: Flag,
  archived: Flag,
  unread: Flag,
  category: Text,
  icon: Text,
  color: Text,
  contextWindow: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
  permissionMode: Text,
};

const scopeOf = (wishes: Readonly<Record<string, unknown>>) =>
  FOR_ADMINS.some((name) => name in wishes) ? ("operator.admin" as const) : ("operator.write" as const);

export const changeMethods = [
  defineMethod({
    name: "sessions.patch",
    scope: "operator.write",
    summary: "Changes preferences of a conversation; null clears. Those that widen what it may do need operator.admin.",
    scopeFor: scopeOf,
    params: closed({
      key: Key,
      agentId: AgentId,
      label: Text,
      ...Preferences,
      expectedSessionId: Expected,
    }),
    result: closed({ ok: Type.Literal(true), path: Type.String(), key: Type.String(), entry: Open, resolved: Open }),
    run: async (call, params) => (await import("./patch.ts")).patch(call, params),
  }),
  defineMethod({
    name: "sessions.patchMany",
    scope: "operator.write",
    summary: "Changes the same preferences of several conversations; the answer says for each what became of it.",
    scopeFor: ({ patch }) => scopeOf(patch),
    params: closed({
      keys: Type.Array(Key, { minItems: 1, maxItems: 500 }),
      agentId: AgentId,
      patch: closed(Preferences),
      expectedSessionIds: Type.Optional(
        Type.Record(Type.String(), Type.String({ maxLength: 512 }), {
          description: "Session ids by key as given: refuse those that have another by now; needed to archive",
        }),
      ),
    }),
    result: closed({
      ok: Type.Boolean({ description: "None failed" }),
      changed: Type.Integer(),
      failed: Type.Integer(),
      results: Type.Array(
        closed({
          key: Type.String(),
          ok: Type.Boolean(),
          sessionId: Type.Optional(Type.String()),
          error: Type.Optional(
            closed({ code: Type.String(), message: Type.String(), remedy: Type.Optional(Type.String()) }),
          ),
        }),
      ),
    }),
    run: async (call, params) => (await import("./patch-many.ts")).patchMany(call, params),
  }),
  defineMethod({
    name: "sessions.reset",
    scope: "operator.admin",
    summary: "Starts a conversation afresh; the old transcript is archived.",
    params: closed({
      key: Key,
      reason: Type.Optional(choice(["new", "reset"])),
      agentId: AgentId,
      expectedSessionId: Expected,
    }),
    result: closed({ ok: Type.Literal(true), key: Type.String(), entry: Open, resolved: Open }),
    run: async (call, params) => (await import("./end-session.ts")).reset(call, params),
  }),
  defineMethod({
    name: "sessions.delete",
    scope: "operator.admin",
    summary: "Removes a conversation; the transcript is archived unless asked otherwise. The main session stays.",
    params: closed({
      key: Key,
      agentId: AgentId,
      deleteTranscript: Flag,
      emitLifecycleHooks: Flag,
      expectedSessionId: Expected,
    }),
    result: closed({
      ok: Type.Literal(true),
      key: Type.String(),
      deleted: Type.Boolean(),
      archived: Type.Array(Type.String()),
    }),
    run: async (call, params) => (await import("./end-session.ts")).remove(call, params),
  }),
];
