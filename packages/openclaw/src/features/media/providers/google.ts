/** `models/<id>:generateContent` with the file inline: sound and videos, together at most 20 MB. */
import { ask } from "./_http.ts";
import type { Question } from "./_http.ts";

interface Answer {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly { readonly text?: string; readonly thought?: boolean }[] };
  }[];
}

export async function describe(question: Question): Promise<string> {
  const { model, prompt, language, data, mimeType, apiKey } = question;
  const text = language === undefined ? prompt : `${prompt} The language is ${language}.`;
  const parts = [{ inline_data: { mime_type: mimeType, data: Buffer.from(data).toString("base64") } }, { text }];
  const answer = (await ask(question, `/models/${encodeURIComponent(model)}:generateContent`, {
    headers: { "x-goog-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ contents: [{ role: "user", parts }] }),
  })) as Answer;
  const said = answer.candidates?.[0]?.content?.parts ?? [];
  return said.flatMap((part) => (part.thought === true ? [] : [part.text ?? ""])).join("");
}
