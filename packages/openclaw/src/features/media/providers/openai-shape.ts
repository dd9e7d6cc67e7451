/** `POST /audio/transcriptions` as OpenAI has it; others took it over. */
import { ask, form, textAt } from "./_http.ts";
import type { Question } from "./_http.ts";

export async function transcribe(question: Question): Promise<string> {
  const { model, language, prompt, apiKey } = question;
  // The stock prompt is for models that are told what to do; here a prompt is an example of what is said.
  const hint = prompt === "Transcribe the audio." ? undefined : prompt;
  const body = await form(question, { model, language, prompt: hint, response_format: "json" });
  const answer = await ask(question, "/audio/transcriptions", {
    ...body,
    headers: { ...body.headers, authorization: `Bearer ${apiKey}` },
  });
  return textAt(answer, ["text"]);
}
