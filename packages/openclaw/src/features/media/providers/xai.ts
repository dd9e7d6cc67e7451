/** `POST /stt`: a form whose text fields come before the file. */
import { ask, form, textAt } from "./_http.ts";
import type { Question } from "./_http.ts";

export async function transcribe(question: Question): Promise<string> {
  const { language, model, apiKey } = question;
  const body = await form(question, { model, language, format: language === undefined ? undefined : "true" });
  const answer = await ask(question, "/stt", {
    ...body,
    headers: { ...body.headers, authorization: `Bearer ${apiKey}` },
  });
  return textAt(answer, ["text"]);
}
