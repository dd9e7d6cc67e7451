/** Files: pictures, sound, films and everything else, each by its own method of the Bot API. */
import type { OutboundFile, OutboundMessage } from "openclaw/sdk";
import { says } from "./_errors.ts";
import { InputFile } from "./_grammy.ts";
import { inBoth, render, replyOf, threadOf, type ApiContext, type Taken } from "./_render.ts";

/** The hosted Bot API takes pictures up to here; larger ones go as documents. */
const MAX_PHOTO = 10 * 1024 * 1024;

/** A picture that Telegram does not show as one is sent as a document. */
export async function sendFile(context: ApiContext, message: OutboundMessage, file: OutboundFile): Promise<Taken> {
  if (file.kind !== "image" || file.bytes > MAX_PHOTO) return upload(context, message, file);
  try {
    return await upload(context, message, file);
  } catch (error) {
    if (!says(error, /PHOTO_INVALID_DIMENSIONS|IMAGE_PROCESS_FAILED|PHOTO_SAVE_FILE_INVALID|too big/i)) throw error;
    return upload(context, message, { ...file, kind: "document" });
  }
}

async function upload({ api, signal }: ApiContext, message: OutboundMessage, file: OutboundFile): Promise<Taken> {
  const common = { chat_id: message.address.chat, ...threadOf(message), ...replyOf(message) };
  const send = (caption: { caption?: string; parse_mode?: "HTML" }): Promise<Taken> => {
    const base = { ...common, ...caption };
    // grammY writes the name into the form as it is: without quotes it would end at the first blank.
    const content = new InputFile(file.data, `"${file.fileName.replace(/["\r\n\\]/g, "_")}"`);
    if (file.kind === "image" && file.bytes <= MAX_PHOTO)
      return api.sendPhoto({ ...base, photo: content }, signal as never);
    if (file.kind === "video") return api.sendVideo({ ...base, video: content }, signal as never);
    if (file.kind === "audio")
      return file.asVoice === true
        ? api.sendVoice({ ...base, voice: content }, signal as never)
        : api.sendAudio({ ...base, audio: content }, signal as never);
    return api.sendDocument({ ...base, document: content }, signal as never);
  };
  if (message.text === "" && !message.maybeRepeated) return send({});
  return inBoth(render(message), ({ text, ...mode }) => send({ caption: text.trim(), ...mode }));
}
