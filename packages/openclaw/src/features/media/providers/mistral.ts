/** Mistral's form of `POST /audio/transcriptions`: it refuses fields that it does not know. */
import { ask, form, textAt } from "./_http.ts";
import type { Question } from "./_http.ts";

export async function transcribe(question: Question): Promise<string> {
  const body = await form(question, { model: question.model, language: question.language });
  const answer = await ask(question, "/audio/transcriptions", {
    ...body,
    headers: { ...body.headers, authorization: `Bearer ${question.apiKey}` },
  });
  return textAt(answer, ["text"]);
}
