/** https://developers.deepgram.com/reference: the sound is the body, everything else stands in the address. */
import { ask, textAt } from "./_http.ts";
import type { Question } from "./_http.ts";

const OPTIONS = ["detect_language", "punctuate", "smart_format"] as const;

export async function transcribe(question: Question): Promise<string> {
  const { model, language, options, apiKey, data, mimeType } = question;
  const query = new URLSearchParams({ model, ...(language === undefined ? {} : { language }) });
  for (const name of OPTIONS) if (options[name] !== undefined) query.set(name, String(options[name]));
  const answer = await ask(question, `/listen?${query}`, {
    headers: { authorization: `Token ${apiKey}`, "content-type": mimeType },
    body: data,
  });
  return textAt(answer, ["results", "channels", 0, "alternatives", 0, "transcript"]);
}
