/** Commands about the conversation, and the directives that shape its answers. Their bodies are loaded when used. */
import { defineChat } from "../../contracts/chat.ts";
import { levels } from "./_commands/levels.ts";
import { think } from "./_commands/think.ts";
import { queue } from "./_queue/command.ts";

const session = () => import("./_commands/session.ts");
const models = () => import("./_commands/model.ts");

export const chat = [
  defineChat({
    name: "new",
    aliases: ["reset"],
    summary: "Start the conversation afresh",
    category: "session",
    args: [
      {
        name: "message",
        description: "A model to begin with, or the first message; `/reset soft` keeps the conversation",
        captureRemaining: true,
      },
    ],
    run: async (call) => (await session()).begin(call),
  }),
  defineChat({
    name: "status",
    summary: "Model, session and what is running",
    category: "status",
    inline: true,
    native: { slack: "agentstatus" },
    run: async (call) => {
      const { statusCard } = await import("./_commands/status.ts");
      return { reply: await statusCard({ ...call, channel: call.address.channel }) };
    },
  }),
  defineChat({
    name: "usage",
    summary: "What answers use, and what it costs",
    category: "status",
    args: [
      { name: "mode", description: "Footer of answers, or the costs", choices: ["off", "tokens", "full", "cost"] },
    ],
    run: async (call) => (await session()).usage(call),
  }),
  defineChat({
    name: "send",
    summary: "Whether answers are sent in this chat",
    category: "session",
    level: "owner",
    args: [{ name: "policy", description: "Send or not", choices: ["on", "off", "inherit"] }],
    run: async (call) => (await session()).send(call),
  }),
  defineChat({
    name: "activation",
    summary: "In groups: answer when mentioned, or always",
    category: "management",
    args: [{ name: "mode", description: "When to answer", choices: ["mention", "always"] }],
    run: async (call) => (await session()).activation(call),
  }),
  think,
  ...levels,
  defineChat({
    name: "model",
    summary: "See or choose the model",
    category: "options",
    args: [
      {
        name: "model",
        description: "Number, name or alias; `status` or `default`",
        choices: async (context) => (await models()).modelChoices(context),
      },
    ],
    directive: { takes: /^[^\s/]\S*/, forTurn: async (call) => (await models()).modelForTurn(call) },
    run: async (call) => (await models()).model(call),
  }),
  defineChat({
    name: "models",
    summary: "Browse the models of providers",
    category: "options",
    args: [
      { name: "provider", description: "Whose" },
      { name: "page", description: "Which page", type: "number" },
    ],
    run: async (call) => (await import("./_commands/models.ts")).models(call),
  }),
  queue,
];
