/** Settings that several of the channels have that are known by their documents. */
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { amount, maybeFlag, whole } from "../../../contracts/config-kinds.ts";

/** `actions`: what the assistant's tool may do, each with its default. */
export function actionGates(on: readonly string[], off: readonly string[] = []) {
  const gate = (byDefault: boolean) => maybeFlag(`The assistant may; default ${byDefault}`);
  return closed(
    {
      ...Object.fromEntries(on.map((name) => [name, gate(true)])),
      ...Object.fromEntries(off.map((name) => [name, gate(false)])),
    },
    { description: "What the assistant may do there" },
  );
}

export const reactionNotifications = () =>
  choice(["off", "own", "all", "allowlist"], {
    default: "own",
    description: "Reactions that the assistant hears of: none, those to its own messages, all, or those of some people",
  });

export const reactionLevel = () =>
  choice(["off", "ack", "minimal", "extensive"], { description: "How much the assistant reacts itself" });

export const allowBots = () =>
  Type.Union([Type.Boolean(), Type.Literal("mentions")], {
    default: false,
    description: "Listen to other bots, always or when they mention it",
  });

/** `streaming`: showing the answer while it is written; the older form is one word. */
export const streaming = () =>
  Type.Union(
    [
      Type.Boolean(),
      choice(["off", "partial", "block", "progress"]),
      Type.Object(
        {
          mode: Type.Optional(choice(["off", "partial", "block", "progress"], { description: "How" })),
          nativeTransport: maybeFlag("Use what the network offers for it"),
        },
        { additionalProperties: Type.Unknown({ description: "Further setting" }) },
      ),
    ],
    { description: "Show the answer while it is written" },
  );

export const megabytes = (byDefault: number) => amount(byDefault, "Largest file taken or sent, MB");
export const chunk = (byDefault: number) => whole(byDefault, "Longest text of one message, characters", { minimum: 1 });
export const history = (byDefault: number) => whole(byDefault, "Unread messages of a group given as context; 0 = none");
