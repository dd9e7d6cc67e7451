/** `commands.list`, `chat.metadata`: what can be typed and chosen in a conversation. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { ChatCommand } from "../../contracts/chat.ts";
import { listModels } from "../../models/index.ts";
import { ChatCommands } from "./_service-tokens.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = Type.Optional(Type.String({ maxLength: 512 }));
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
    args: Type.Optional(Type.Array(Open)),
  }),
);

/** Words that `interpret` answers itself. */
const STOP: Pick<ChatCommand, "name" | "summary" | "category" | "aliases" | "args"> = {
  name: "stop",
  summary: "Stop what is running",
  category: "session",
};

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
    async run(call, { includeArgs = true }) {
      return { commands: described(await call.use(ChatCommands), includeArgs) };
    },
  }),
  defineMethod({
    name: "chat.metadata",
    scope: "operator.read",
    summary: "Models and commands that a chat page offers.",
    params: closed({ sessionKey: text, agentId: text }),
    result: closed({ models: Type.Array(Open), commands: Commands }),
    async run(call, { agentId }) {
      const { models } = await listModels(call, { view: "configured", agentId });
      return { models, commands: described(await call.use(ChatCommands), true) };
    },
  }),
];

function described(commands: readonly ChatCommand[], includeArgs: boolean) {
  return [...commands, STOP]
    .map(({ name, aliases = [], summary, category, args }) => ({
      name,
      nativeName: name,
      textAliases: [name, ...aliases].map((alias) => `/${alias}`),
      description: summary,
      category,
      source: "native" as const,
      scope: "both" as const,
      acceptsArgs: args !== undefined,
      ...(args === undefined || !includeArgs
        ? {}
        : { args: [{ name: "args", description: args, type: "string", required: false }] }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
