/** Chat Completions with the sound as a part of the message (`input_audio`). */
import { ask, textAt } from "./_http.ts";
import type { Question } from "./_http.ts";

const FORMATS: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
  "audio/aac": "aac",
};

export async function transcribe(question: Question): Promise<string> {
  const { model, prompt, data, mimeType, apiKey } = question;
  const format = FORMATS[mimeType];
  if (format === undefined) throw new Error(`${mimeType} is not taken`);
  const sound = { type: "input_audio", input_audio: { data: Buffer.from(data).toString("base64"), format } };
  const messages = [{ role: "user", content: [{ type: "text", text: prompt }, sound] }];
  const answer = await ask(question, "/chat/completions", {
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages }),
  });
  return textAt(answer, ["choices", 0, "message", "content"]);
}
