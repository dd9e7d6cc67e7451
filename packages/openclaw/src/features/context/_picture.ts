/** Pictures as providers take them: of a kind that they know, and told as what they are. */
import type { ImagePart, TextPart } from "../../contracts/message.ts";

const UNREADABLE: TextPart = { type: "text", text: "[picture left out: it cannot be read]" };

/** By the first bytes, as base64 without a prefix. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^iVBORw0KGgo/, "image/png"],
  [/^\/9j\//, "image/jpeg"],
  [/^R0lGODdh|^R0lGODlh/, "image/gif"],
  [/^UklGR/, "image/webp"],
];

const known = new WeakMap<ImagePart, ImagePart | TextPart>();

/** The picture, with its true type where another was given; a note when its bytes are no picture. */
export function readablePicture(part: ImagePart): ImagePart | TextPart {
  let readable = known.get(part);
  if (readable === undefined) known.set(part, (readable = look(part)));
  return readable;
}

function look(part: ImagePart): ImagePart | TextPart {
  const start = part.data.slice(0, 64);
  const kind = KINDS.find(([pattern]) => pattern.test(start))?.[1];
  if (kind !== undefined) return kind === part.mimeType ? part : { ...part, mimeType: kind };
  const plausible = /^image\/[a-z0-9.+-]+$/i.test(part.mimeType) && /^[A-Za-z0-9+/]{4,}={0,2}$/.test(start);
  return plausible ? part : UNREADABLE;
}
