/** What travels: envelopes in, outbound messages out, and the addresses they belong to. */

export type ChatKind = "direct" | "group" | "channel";

/** Where a conversation is. A value; two addresses are the same place when their strings are equal. */
export interface Address {
  /** Channel id, e.g. `telegram`, `webchat`. */
  readonly channel: string;
  /** Account id on that channel, `default` when there is one. */
  readonly account: string;
  readonly kind: ChatKind;
  /** The conversation's stable id on the platform. */
  readonly chat: string;
  /** Sub-conversation, where the platform has them. */
  readonly thread?: string;
  /** What the platform calls it, as session keys show it; `thread` when absent. No part of the place. */
  readonly threadKind?: "thread" | "topic";
}

/** `telegram:default:direct:4711` or `…:-100123#42` with a thread. Parts are percent-encoded where needed. */
export function formatAddress(address: Address): string {
  const base = [address.channel, address.account, address.kind, address.chat].map(encodePart).join(":");
  return address.thread === undefined ? base : `${base}#${encodePart(address.thread)}`;
}

/** The inverse of `formatAddress`; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const [base = "", thread] = text.split("#", 2);
  const parts = base.split(":");
  if (parts.length !== 4) return undefined;
  try {
    const [channel = "", account = "", kind = "", chat = ""] = parts.map(decodeURIComponent);
    if (channel === "" || account === "" || chat === "") return undefined;
    if (kind !== "direct" && kind !== "group" && kind !== "channel") return undefined;
    return { channel, account, kind, chat, ...(thread === undefined ? {} : { thread: decodeURIComponent(thread) }) };
  } catch {
    return undefined;
  }
}

function encodePart(part: string): string {
  return part.replace(/[%:#]/g, (c) => encodeURIComponent(c));
}

/** Who sent an inbound message, as the platform knows them. `id` decides; names are display text. */
export interface Sender {
  readonly id: string;
  readonly name?: string;
  readonly username?: string;
  readonly isBot?: boolean;
}

export type EnvelopePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string; readonly fileName?: string }
  | FilePart;

/** A file that came with a message, before or after it is fetched. */
export interface FilePart {
  readonly type: "file";
  /** `media://inbound/<id>` once it is stored here; before that the channel's own name for it, for `download`. */
  readonly ref: string;
  /** As the sender's app calls it; what it is, its bytes decide. Absent for a document. */
  readonly kind?: "image" | "audio" | "video" | "document";
  readonly mimeType?: string;
  readonly fileName?: string;
  /** As the network says. */
  readonly bytes?: number;
  readonly isVoice?: boolean;
  readonly durationMs?: number;
}

/** An immutable normalized inbound message. */
export interface Envelope {
  /** The platform's id of this message; unique per account. */
  readonly nativeId: string;
  readonly address: Address;
  readonly from: Sender;
  readonly parts: readonly EnvelopePart[];
  /** Native id of the message this one answers. */
  readonly replyTo?: string;
  /** When the platform says it was written, Unix epoch milliseconds. */
  readonly at: number;
  /** What the conversation belongs to on its platform, where there are such things; bindings name them. */
  readonly within?: {
    readonly guild?: string;
    readonly team?: string;
    /** Ids of the sender's roles there. */
    readonly roles?: readonly string[];
    /** The chat that a thread hangs from. */
    readonly parent?: { readonly kind: ChatKind; readonly chat: string };
  };
  /** Names this assistant was called by, for mention rules in groups. */
  readonly mentionsMe?: boolean;
  /**
   * Made by the sender's app rather than written (opening a bot's chat, a button): answered when the
   * sender is known, otherwise never the start of a pairing.
   */
  readonly gesture?: boolean;
  /** What the channel wants back at send time (thread ids and the like). Plain data, at most 4 KiB as JSON. */
  readonly native?: Readonly<Record<string, unknown>>;
}

export function envelopeText(envelope: Envelope): string {
  return envelope.parts
    .filter((part) => part.type === "text")
    .map((part) => part.text)
    .join("\n");
}

/** A file that goes out. */
export interface OutboundMedia {
  /** Absolute path of the gateway's own copy. */
  readonly path: string;
  readonly kind: "image" | "audio" | "video" | "document";
  readonly mimeType: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Sound that is sent as a voice note. */
  readonly asVoice?: boolean;
}

/** The same with what is in it. */
export type OutboundFile = Omit<OutboundMedia, "path"> & { readonly data: Uint8Array };

/** A message that showed an answer while it was written. */
export interface Previewed {
  readonly nativeId: string;
  /** When it was sent, Unix epoch milliseconds; 0 = it must not stay, whatever its age. */
  readonly at: number;
}

/** One message to be said somewhere. Already chunked: one outbound message is one platform call. */
export interface OutboundMessage {
  /** Idempotency key, unique per message; channels pass it on where the platform takes one. */
  readonly key: string;
  readonly address: Address;
  /** Markdown as the model wrote it, within the channel's text limit after rendering. */
  readonly text: string;
  readonly replyTo?: string;
  /** Data the channel attached to the envelope that is being answered. */
  readonly native?: Readonly<Record<string, unknown>>;
  /** Rows of what can be answered with a tap; `value` is sent as if it were typed. Networks without buttons leave them out. */
  readonly choices?: readonly (readonly { readonly value: string; readonly label: string }[])[];
  /** Sent with the text as its caption; the rest of a text that is too long for one follows it. */
  readonly media?: OutboundFile;
  /**
   * The message takes the place of this one: the channel changes it where it can, else sends the new one and takes
   * the old one away. With an empty text and no file it is only taken away; the receipt is then its own.
   */
  readonly replaces?: Previewed;
  /** An earlier attempt may have reached the person; the channel says so in its own way if it cannot tell. */
  readonly maybeRepeated: boolean;
}

/** Proof of delivery. */
export interface Receipt {
  /** The platform's id of the sent message. */
  readonly nativeId: string;
  readonly at: number;
}

/** Where an answer goes. */
export interface ReplyRoute {
  readonly address: Address;
  readonly native?: Envelope["native"];
  /** Native id of the message that is answered. */
  readonly replyTo?: string;
}
