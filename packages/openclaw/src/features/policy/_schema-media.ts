/** Keys of `tools.media`: what is done with pictures, sound and video that come in. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";

const limits = {
  prompt: Type.Optional(Type.String()),
  maxChars: Type.Optional(Type.Integer({ minimum: 1 })),
  maxBytes: Type.Optional(Type.Integer({ minimum: 1, description: "Larger media go to the next entry" })),
  timeoutSeconds: Type.Optional(Type.Number({ minimum: 1 })),
  language: Type.Optional(Type.String({ description: "Hint for speech" })),
};

const entry = closed({
  type: Type.Optional(choice(["provider", "cli"])),
  provider: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  profile: Type.Optional(Type.String()),
  preferredProfile: Type.Optional(Type.String()),
  command: Type.Optional(Type.String()),
  args: Type.Optional(Type.Array(Type.String())),
  capabilities: Type.Optional(Type.Array(choice(["image", "audio", "video"]))),
  ...limits,
});

const scope = closed({
  default: Type.Optional(choice(["allow", "deny"])),
  rules: Type.Optional(
    Type.Array(
      closed({
        action: choice(["allow", "deny"]),
        match: Type.Optional(
          closed({
            channel: Type.Optional(Type.String()),
            chatType: Type.Optional(Type.String()),
            keyPrefix: Type.Optional(Type.String()),
          }),
        ),
      }),
    ),
  ),
});

const capability = (maxBytes: number, timeoutSeconds: number) =>
  defaulted(
    closed(
      {
        ...limits,
        enabled: Type.Optional(Type.Boolean({ description: "Absent = when there are models" })),
        maxBytes: defaulted(Type.Integer({ minimum: 1, default: maxBytes })),
        timeoutSeconds: defaulted(Type.Number({ minimum: 1, default: timeoutSeconds })),
        attachments: Type.Optional(
          closed({
            mode: Type.Optional(choice(["first", "all"])),
            maxAttachments: Type.Optional(Type.Integer({ minimum: 1 })),
            prefer: Type.Optional(choice(["first", "last", "path", "url"])),
          }),
        ),
        scope: Type.Optional(scope),
        models: Type.Optional(Type.Array(entry, { description: "In order; a failure goes to the next" })),
      },
      { default: {} },
    ),
  );

export const media = defaulted(
  closed(
    {
      models: Type.Optional(Type.Array(entry, { description: "Shared list, used after that of the kind" })),
      concurrency: defaulted(Type.Integer({ minimum: 1, default: 2 })),
      asyncCompletion: Type.Optional(closed({ directSend: Type.Optional(Type.Boolean()) })),
      image: capability(10_485_760, 60),
      audio: capability(20_971_520, 60),
      video: capability(52_428_800, 120),
    },
    { default: {} },
  ),
);
