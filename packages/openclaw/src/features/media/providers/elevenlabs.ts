/** https://elevenlabs.io/docs/api-reference/speech-to-text */
import { ask, form, textAt } from "./_http.ts";
import type { Question } from "./_http.ts";

export async function transcribe(question: Question): Promise<string> {
  const body = await form(question, { model_id: question.model, language_code: question.language });
  const answer = await ask(question, "/speech-to-text", {
    ...body,
    headers: { ...body.headers, "xi-api-key": question.apiKey },
  });
  return textAt(answer, ["text"]);
}
