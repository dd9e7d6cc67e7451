/** What a message carries besides text: files by their ids, and placeholders for what is none. */
import type { Message } from "grammy/types";
import type { FilePart } from "openclaw/sdk";

/** Undefined for a message without a file. Pure. */
export function fileOf(message: Message): FilePart | undefined {
  const { photo, animation, video, video_note: note, voice, audio, document, sticker } = message;
  // The largest comes last.
  const largest = photo?.at(-1);
  if (largest) return part("image", largest, { mime_type: "image/jpeg" });
  if (animation) return part("video", animation, animation);
  if (video) return part("video", video, video);
  if (note) return part("video", note, { ...note, mime_type: "video/mp4" });
  if (voice) return { ...part("audio", voice, voice), isVoice: true };
  if (audio) return part("audio", audio, audio);
  if (document) return part(kindOf(document.mime_type), document, document);
  return sticker && !sticker.is_animated && !sticker.is_video
    ? part("image", sticker, { mime_type: "image/webp" })
    : undefined;
}

/** In place of what cannot be taken along. */
export function placeholder({ sticker }: Message): string | undefined {
  return sticker === undefined ? undefined : `<media:sticker>${sticker.emoji === undefined ? "" : ` ${sticker.emoji}`}`;
}

function part(
  kind: NonNullable<FilePart["kind"]>,
  { file_id, file_size }: { readonly file_id: string; readonly file_size?: number | undefined },
  more: {
    readonly mime_type?: string | undefined;
    readonly file_name?: string | undefined;
    readonly duration?: number | undefined;
  },
): FilePart {
  const { mime_type: mimeType, file_name: fileName, duration } = more;
  return {
    type: "file",
    ref: file_id,
    kind,
    ...(mimeType === undefined ? {} : { mimeType }),
    ...(fileName === undefined ? {} : { fileName }),
    ...(file_size === undefined ? {} : { bytes: file_size }),
    ...(duration === undefined ? {} : { durationMs: duration * 1000 }),
  };
}

function kindOf(mime = ""): NonNullable<FilePart["kind"]> {
  const kind = mime.split("/", 1)[0];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}
