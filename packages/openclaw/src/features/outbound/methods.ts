/** `send`, `poll`, `message.action`: saying something on a chat network in the owner's name. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";

const text = (maxLength = 512) => Type.Optional(Type.String({ maxLength }));
const flag = Type.Optional(Type.Boolean());
const any = Type.Optional(Type.Unknown());
const Key = Type.String({ minLength: 1, maxLength: 512, description: "A repeat says nothing again" });
const To = Type.String({
  minLength: 1,
  maxLength: 512,
  description: "Chat id; `group:` or `channel:` before it where it is one",
});
const Sent = Type.Object({
  runId: Type.String(),
  messageId: Type.String(),
  channel: Type.String(),
  chatId: Type.String(),
});

export const methods = [
  defineMethod({
    name: "send",
    scope: "operator.write",
    summary: "Sends a message on a chat network and answers when it was delivered.",
    params: closed({
      to: To,
      message: text(100_000),
      mediaUrl: text(8192),
      mediaUrls: Type.Optional(Type.Array(Type.String({ maxLength: 8192 }), { maxItems: 20 })),
      buffer: Type.Optional(Type.String()),
      filename: text(),
      contentType: text(),
      gifPlayback: flag,
      asVoice: flag,
      forceDocument: flag,
      silent: flag,
      parseMode: text(),
      replyToId: text(),
      channel: text(),
      accountId: text(),
      threadId: text(),
      sessionKey: text(),
      agentId: text(),
      idempotencyKey: Key,
    }),
    result: Sent,
    run: async (call, params) => (await import("./_send.ts")).send(call, params),
  }),
  defineMethod({
    name: "poll",
    scope: "operator.write",
    summary: "Asks a question with answers to choose from, where a channel can.",
    params: closed({
      to: To,
      question: Type.String({ minLength: 1, maxLength: 4096 }),
      options: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), { minItems: 2, maxItems: 12 }),
      maxSelections: Type.Optional(Type.Integer({ minimum: 1 })),
      durationSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
      durationHours: Type.Optional(Type.Integer({ minimum: 1 })),
      isAnonymous: flag,
      silent: flag,
      threadId: text(),
      channel: text(),
      accountId: text(),
      idempotencyKey: Key,
    }),
    result: Sent,
    run: async (call, params) => (await import("./_send.ts")).poll(call, params),
  }),
  defineMethod({
    name: "message.action",
    scope: "operator.write",
    summary: "Does something with messages of a channel; this version sends.",
    // The published command line sends more than is documented, and other things with each version.
    open: true,
    params: closed({
      channel: Type.String({ minLength: 1, maxLength: 512 }),
      action: Type.String({ minLength: 1, maxLength: 512 }),
      params: Type.Record(Type.String(), Type.Unknown()),
      idempotencyKey: Type.Optional(Key),
      accountId: text(),
      agentId: text(),
      sessionKey: text(),
      sessionId: text(),
      senderIsOwner: flag,
      requesterSenderId: text(),
      toolContext: any,
    }),
    result: Type.Record(Type.String(), Type.Unknown()),
    run: async (call, params) => (await import("./_send.ts")).action(call, params),
  }),
];
