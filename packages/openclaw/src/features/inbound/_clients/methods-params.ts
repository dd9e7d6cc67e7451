/** Parts that the methods of talking share. */
import { Type, choice, closed } from "../../../contracts/schema.ts";

export const Open = Type.Record(Type.String(), Type.Unknown());
export const text = Type.Optional(Type.String({ maxLength: 4096 }));
export const any = Type.Optional(Type.Unknown());
export const flag = Type.Optional(Type.Boolean());
export const Message = Type.String({ maxLength: 2_000_000 });
export const IdempotencyKey = Type.String({
  minLength: 1,
  maxLength: 512,
  description: "Becomes the run's id; a repeat starts nothing",
});
export const SessionKey = Type.String({ minLength: 1, maxLength: 512 });
export const Attachments = Type.Optional(
  Type.Array(closed({ type: text, mimeType: text, fileName: text, content: Type.Optional(Type.String()) }), {
    maxItems: 20,
  }),
);
export const TimeoutMs = Type.Optional(Type.Integer({ minimum: 0, description: "0 = the configured limit" }));
export const QueueMode = Type.Optional(
  choice(["steer", "followup", "collect", "interrupt"], {
    description: "What the message does while a run is under way; as configured when absent",
  }),
);
