/** `sessions.groups.*`: named groups of conversations. A conversation names its own in `category`. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";

const Name = Type.String({ minLength: 1, maxLength: 120 });
const look = Type.String({ minLength: 1, maxLength: 64 });
const Look = Type.Optional(look);
const Cleared = Type.Optional(Type.Union([look, Type.Null()]));
const Collapsed = Type.Optional(Type.Boolean({ description: "Shown closed" }));
const Position = Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: "From 0; default stays" }));

const Group = closed({
  name: Type.String(),
  icon: Type.Optional(Type.String()),
  color: Type.Optional(Type.String()),
  collapsed: Type.Optional(Type.Boolean()),
  sessions: Type.Integer({ description: "Conversations in it" }),
});
const all = {
  groups: Type.Array(Group),
  sectionOrder: Type.Array(Type.String(), { description: "Their names in order" }),
};
const name = Type.Optional(Type.String({ maxLength: 512 }));

export const groupMethods = [
  defineMethod({
    name: "sessions.groups.list",
    scope: "operator.read",
    summary: "Groups of conversations, in their order.",
    hidden: true,
    open: true,
    params: closed({ key: name, sessionKey: name, agentId: name }),
    result: closed(all),
    run: async (call) => (await import("./groups.ts")).list(call),
  }),
  defineMethod({
    name: "sessions.groups.put",
    scope: "operator.write",
    summary: "Makes a group of conversations, or replaces how one looks.",
    params: closed({ name: Name, icon: Look, color: Look, collapsed: Collapsed, position: Position }),
    result: closed({ ok: Type.Literal(true), group: Group, ...all }),
    run: async (call, params) => (await import("./groups.ts")).put(call, params),
  }),
  defineMethod({
    name: "sessions.groups.update",
    scope: "operator.write",
    summary: "Changes how a group of conversations looks or where it stands; null clears.",
    params: closed({ name: Name, icon: Cleared, color: Cleared, collapsed: Collapsed, position: Position }),
    result: closed({ ok: Type.Literal(true), group: Group, ...all }),
    run: async (call, params) => (await import("./groups.ts")).update(call, params),
  }),
  defineMethod({
    name: "sessions.groups.rename",
    scope: "operator.write",
    summary: "Renames a group of conversations; they follow.",
    params: closed({ name: Name, to: Name }),
    result: closed({
      ok: Type.Literal(true),
      group: Group,
      moved: Type.Integer({ description: "Conversations that followed" }),
      ...all,
    }),
    run: async (call, params) => (await import("./groups.ts")).rename(call, params),
  }),
  defineMethod({
    name: "sessions.groups.delete",
    scope: "operator.write",
    summary: "Removes a group; its conversations stay, in no group.",
    params: closed({ name: Name }),
    result: closed({
      ok: Type.Literal(true),
      deleted: Type.Boolean(),
      ungrouped: Type.Integer({ description: "Conversations that were in it" }),
      ...all,
    }),
    run: async (call, params) => (await import("./groups.ts")).remove(call, params),
  }),
];
