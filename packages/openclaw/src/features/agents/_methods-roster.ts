/** `agents.create`, `.update`, `.delete`, `.files.*`: the agents of the configuration and their workspaces. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";
import { Agents } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import type { Agent } from "./index.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const Id = Type.String({ minLength: 1, maxLength: 64 });
const short = (maxLength = 200) => Type.String({ minLength: 1, maxLength });
const File = Type.Object({
  name: Type.String(),
  path: Type.String(),
  missing: Type.Boolean(),
  size: Type.Optional(Type.Integer()),
  updatedAtMs: Type.Optional(Type.Integer()),
  expectedAbsent: Type.Optional(Type.Boolean()),
  content: Type.Optional(Type.String()),
  hash: Type.Optional(Type.String()),
});

export const rosterMethods = [
  defineMethod({
    name: "agents.create",
    scope: "operator.admin",
    summary: "Adds an agent with a workspace of its own; its id is made of the name.",
    params: closed({
      name: short(),
      workspace: short(4096),
      model: Type.Optional(short()),
      emoji: Type.Optional(short(32)),
      avatar: Type.Optional(short(4096)),
    }),
    result: closed({
      ok: Type.Literal(true),
      agentId: Type.String(),
      name: Type.String(),
      workspace: Type.String(),
    }),
    async run(call, params) {
      const agents = await call.use(Agents);
      const agent = await agents.roster.create(params);
      await agents.prepareWorkspace(agent, (await call.use(Config)).current());
      return { ok: true as const, agentId: agent.id, name: agent.name, workspace: agent.workspace };
    },
  }),
  defineMethod({
    name: "agents.update",
    scope: "operator.admin",
    summary: "Changes an agent; a model of null takes its own choice back.",
    params: closed({
      agentId: Id,
      name: Type.Optional(short()),
      workspace: Type.Optional(short(4096)),
      model: Type.Optional(Type.Union([short(), Type.Null()])),
      emoji: Type.Optional(short(32)),
      avatar: Type.Optional(short(4096)),
    }),
    result: closed({ ok: Type.Literal(true), agentId: Type.String() }),
    async run(call, { agentId, ...change }) {
      const agent = await (await call.use(Agents)).roster.update(agentId, change);
      return { ok: true as const, agentId: agent.id };
    },
  }),
  defineMethod({
    name: "agents.delete",
    scope: "operator.admin",
    summary: "Removes an agent and its bindings; its folders go into the trash of the state directory.",
    params: closed({ agentId: Id, deleteFiles: Type.Optional(Type.Boolean({ description: "Default true" })) }),
    result: closed({
      ok: Type.Literal(true),
      agentId: Type.String(),
      removedBindings: Type.Integer(),
      removedSessions: Type.Integer(),
      removed: Type.Array(Open),
      failed: Type.Array(Open),
      workspaceRetained: Type.Optional(Type.Boolean()),
      workspaceRetainedReason: Type.Optional(Type.String()),
      workspaceSharedWith: Type.Optional(Type.Array(Type.String())),
    }),
    async run(call, { agentId, deleteFiles = true }) {
      const { deleteAgent, deletion } = await import("./_delete.ts");
      return deletion(await deleteAgent(call.use, agentId, { deleteFiles, by: call.caller.principal }));
    },
  }),
  defineMethod({
    name: "agents.files.list",
    scope: "operator.read",
    summary: "The files that tell an agent who it is and what to do.",
    params: closed({ agentId: Id }),
    result: closed({ agentId: Type.String(), workspace: Type.String(), files: Type.Array(File) }),
    async run(call, { agentId }) {
      const agent = await known(call, agentId);
      const { listFiles } = await import("./_workspace-files.ts");
      return { agentId: agent.id, workspace: agent.workspace, files: await listFiles(agent) };
    },
  }),
  defineMethod({
    name: "agents.files.get",
    scope: "operator.read",
    summary: "One of these files with its text.",
    params: closed({ agentId: Id, name: short() }),
    result: closed({ agentId: Type.String(), workspace: Type.String(), file: File }),
    async run(call, { agentId, name }) {
      const agent = await known(call, agentId);
      const { readFile } = await import("./_workspace-files.ts");
      return { agentId: agent.id, workspace: agent.workspace, file: await readFile(agent, name) };
    },
  }),
  defineMethod({
    name: "agents.files.set",
    scope: "operator.admin",
    summary: "Writes one of these files.",
    params: closed({ agentId: Id, name: short(), content: Type.String({ maxLength: 4_000_000 }) }),
    result: closed({ ok: Type.Literal(true), agentId: Type.String(), workspace: Type.String(), file: File }),
    async run(call, { agentId, name, content }) {
      const agent = await known(call, agentId);
      const { writeFile } = await import("./_workspace-files.ts");
      const file = await writeFile(agent, { name, content });
      return { ok: true as const, agentId: agent.id, workspace: agent.workspace, file };
    },
  }),
];

async function known(call: MethodCall, id: string): Promise<Agent> {
  const agent = (await call.use(Agents)).get(id);
  if (!agent) throw errors.AGENT_MISSING({ id });
  return agent;
}
