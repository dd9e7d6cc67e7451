/** What happened, run by run: to read back, to follow from a cursor on, to look into. */
import { defineMethod } from "../../contracts/method.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { FactShape, filterParams } from "./_shape.ts";

const moment = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const list = {
  params: closed({
    ...filterParams,
    after: moment("Only what happened since, Unix epoch milliseconds"),
    before: moment("Only what happened before, Unix epoch milliseconds"),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    cursor: Type.Optional(Type.String({ pattern: "^[0-9]{1,16}$", description: "`nextCursor` of the page before" })),
  }),
  result: closed({
    events: Type.Array(FactShape),
    nextCursor: Type.Optional(Type.String({ description: "Where older events go on" })),
  }),
};

export const methods = [
  ...["audit.list", "audit.activity.list"].map((name) =>
    defineMethod({
      name,
      scope: "operator.read",
      summary: "Lists what happened, newest first; what was said is not in it.",
      ...list,
      run: async (call, params) => (await import("./_list.ts")).list(call, params),
    }),
  ),
  defineMethod({
    name: "audit.activity.follow",
    scope: "operator.read",
    summary:
      "Gives what happened after a cursor, then sends `audit.activity` for what happens, until the connection ends.",
    params: closed({
      ...filterParams,
      cursor: Type.Optional(
        Type.Integer({ minimum: 0, description: "The last event that is known; absent = from now on" }),
      ),
    }),
    result: closed({
      events: Type.Array(FactShape),
      cursor: Type.Integer({ description: "The last event that is known now" }),
      more: Type.Boolean({ description: "There are more than were given: ask again with the new cursor" }),
    }),
    run: async (call, params) => (await import("./_follow.ts")).follow(call, params),
  }),
  defineMethod({
    name: "audit.run.inspect",
    scope: "operator.read",
    summary: "Tells one run from message to delivery, with the prompts that it used.",
    params: closed({
      runId: Type.String({ minLength: 1, maxLength: 512 }),
      includeBodies: Type.Optional(Type.Boolean({ description: "With the texts of prompts and tool schemas" })),
    }),
    result: closed({
      run: Type.Record(Type.String(), Type.Unknown()),
      events: Type.Array(FactShape),
      truncated: Type.Boolean(),
      bodies: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
    run: async (call, params) => (await import("./_inspect.ts")).inspect(call, params),
  }),
  defineMethod({
    name: "sessions.trajectory.export",
    scope: "operator.admin",
    summary: "Writes a conversation with everything that happened in it into a folder of the agent's workspace.",
    params: closed({
      key: Type.String({ minLength: 1, maxLength: 512 }),
      agentId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: "Name of the folder" })),
    }),
    result: closed({
      ok: Type.Literal(true),
      key: Type.String(),
      path: Type.String(),
      name: Type.String(),
      events: Type.Integer(),
      entries: Type.Integer(),
      truncated: Type.Boolean(),
    }),
    run: async (call, params) => (await import("./_trajectory.ts")).exportTrajectory(call, params),
  }),
];
