/** Shapes that several parts of the agents' settings use. */
import { choice, Type } from "../../../contracts/schema.ts";
import { maybeFlag, maybePart, maybeText, maybeWords } from "../../../contracts/config-kinds.ts";

const THINKING = ["off", "minimal", "low", "medium", "high", "xhigh", "adaptive", "max"] as const;

/** `provider/model`, an alias, or a model with those that stand in for it. */
export const maybeModel = (description: string) =>
  Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1 }),
        Type.Object(
          {
            primary: maybeText("`provider/model` or an alias"),
            fallbacks: maybeWords("Models tried after it, in order"),
          },
          { additionalProperties: false },
        ),
      ],
      { description },
    ),
  );

export const maybeThinking = (description: string) => Type.Optional(choice(THINKING, { description }));

/** Settings that only the provider of the model understands. */
export const maybeParams = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description }));

/** `fastMode`: on, off, or left to the program. */
export const maybeFast = (description: string) =>
  Type.Optional(Type.Union([Type.Boolean(), Type.Literal("auto")], { description }));

/** `agentRuntime`: what runs the agent's turns. */
export const maybeRuntime = () =>
  maybePart(
    {
      id: maybeText("`pi` for the built-in one, `auto`, or the id of a harness"),
      fallback: maybeText("`pi` or `none`, when that one is not there"),
    },
    "What runs turns",
  );

/** `silentReply`: whether saying nothing is an answer, by kind of chat. */
export const silentReply = {
  silentReply: maybePart(
    {
      direct: Type.Optional(choice(["allow", "disallow"], { description: "In direct chats" })),
      group: Type.Optional(choice(["allow", "disallow"], { description: "In groups" })),
      internal: Type.Optional(choice(["allow", "disallow"], { description: "Without a chat" })),
    },
    "Whether saying nothing is an answer",
  ),
  silentReplyRewrite: Type.Optional(
    Type.Union(
      [
        Type.Boolean(),
        Type.Object(
          {
            direct: maybeFlag("In direct chats"),
            group: maybeFlag("In groups"),
            internal: maybeFlag("Without a chat"),
          },
          { additionalProperties: false },
        ),
      ],
      { description: "Put a short line where nothing was said" },
    ),
  ),
};
