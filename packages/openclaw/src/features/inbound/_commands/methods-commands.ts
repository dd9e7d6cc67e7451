/** `commands.list`, `chat.metadata`: what can be typed and chosen in a conversation. */
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { listModels } from "../../../models/index.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { canonicalKey, parseKey, sessionSection } from "../../sessions/index.ts";
import { described } from "./described.ts";
import type { Description } from "./described.ts";
import { commandsFor } from "./offered.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = Type.Optional(Type.String({ maxLength: 512 }));
const Arg = closed({
  name: Type.String(),
  description: Type.String(),
  type: choice(["string", "number", "boolean"]),
  required: Type.Boolean(),
  choices: Type.Optional(Type.Array(closed({ value: Type.String(), label: Type.String() }))),
  /** The choices are those of this conversation; they may be others elsewhere. */
  dynamic: Type.Optional(Type.Literal(true)),
  captureRemaining: Type.Optional(Type.Literal(true)),
});
const Commands = Type.Array(
  closed({
    name: Type.String(),
    nativeName: Type.Optional(Type.String()),
    textAliases: Type.Array(Type.String()),
    description: Type.String(),
    category: Type.String(),
    source: choice(["native", "skill", "plugin"]),
    scope: choice(["both", "text", "native"]),
    acceptsArgs: Type.Boolean(),
    args: Type.Optional(Type.Array(Arg)),
  }),
);

export const commandMethods = [
  defineMethod({
    name: "commands.list",
    scope: "operator.read",
    summary: "Slash commands of a conversation.",
    params: closed({
      agentId: text,
      sessionKey: text,
      provider: text,
      scope: Type.Optional(choice(["both", "text", "native"])),
      includeArgs: Type.Optional(Type.Boolean({ description: "Default true" })),
    }),
    result: closed({ commands: Commands }),
    run: async (call, params) => ({ commands: await list(call, params) }),
  }),
  defineMethod({
    name: "chat.metadata",
    scope: "operator.read",
    summary: "Models and commands that a chat page offers.",
    params: closed({ sessionKey: text, agentId: text }),
    result: closed({ models: Type.Array(Open), commands: Commands }),
    async run(call, params) {
      const { models } = await listModels(call, { view: "configured", agentId: params.agentId });
      return { models, commands: await list(call, params) };
    },
  }),
];

interface Question {
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly provider?: string;
  readonly scope?: "both" | "text" | "native";
  readonly includeArgs?: boolean;
}

async function list(call: MethodCall, question: Question): Promise<Description[]> {
  const [agents, config] = await Promise.all([call.use(Agents), call.use(Config)]);
  const fallback = question.agentId ?? agents.default().id;
  const given = question.sessionKey ?? "main";
  const sessionKey = canonicalKey(given, fallback, config.current().section(sessionSection).mainKey);
  const agentId = (sessionKey && parseKey(sessionKey)?.agentId) ?? fallback;
  const context = { use: call.use, platform: call.platform, agentId, ...(sessionKey ? { sessionKey } : {}) };
  const all = await commandsFor({ use: call.use, principal: call.caller.principal, agentId });
  const shown = await Promise.all(
    all.map((command) => described(command, { ...question, includeArgs: question.includeArgs ?? true, context })),
  );
  const { scope = "both" } = question;
  return shown
    .filter((one) => scope === "both" || one.scope === "both" || one.scope === scope)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
