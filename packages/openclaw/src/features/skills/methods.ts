import { Type, closed } from "../../contracts/schema.ts";
import { Events } from "../../contracts/bus.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { agentFor } from "./_agent.ts";
import { Skills } from "./index.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const Name = Type.String({ minLength: 1, maxLength: 128, pattern: "^(?!__proto__$)" });

export const methods = [
  defineMethod({
    name: "skills.status",
    scope: "operator.read",
    summary: "Skills of an agent: which it may use now, and what the others lack.",
    params: closed({ agentId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) }),
    result: closed({
      workspaceDir: Type.String(),
      managedSkillsDir: Type.String(),
      agentId: Type.String(),
      skills: Type.Array(Open),
      problems: Type.Array(closed({ path: Type.String(), reason: Type.String() })),
    }),
    async run({ use, platform }, { agentId }) {
      const [skills, agents, config] = await Promise.all([use(Skills), use(Agents), use(Config)]);
      const { reportOf } = await import("./_report.ts");
      const report = await reportOf(skills, {
        agent: agentFor(agents, agentId),
        config: config.current(),
        paths: platform.paths,
      });
      return { ...report, skills: report.skills.map((row) => ({ ...row })), problems: [...report.problems] };
    },
  }),
  defineMethod({
    name: "skills.update",
    scope: "operator.admin",
    summary: "Switches a skill on or off, and sets its key and variables; an empty text takes one away.",
    params: closed({
      skillKey: Name,
      enabled: Type.Optional(Type.Boolean()),
      apiKey: Type.Optional(Type.String({ maxLength: 16_384 })),
      env: Type.Optional(
        Type.Record(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]{0,127}$" }), Type.String({ maxLength: 16_384 })),
      ),
    }),
    result: closed({ ok: Type.Boolean(), skillKey: Type.String(), config: Open }),
    async run(call, change) {
      const { updateEntry } = await import("./_update.ts");
      const entry = await updateEntry(await call.use(Config), change);
      const events = await call.use(Events);
      call.after(() => events.publish("skills.changed", { reason: "config" }));
      return { ok: true, skillKey: change.skillKey, config: entry as Record<string, unknown> };
    },
  }),
];
