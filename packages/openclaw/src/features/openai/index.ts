/** The door of the OpenAI-compatible endpoints. Everything they offer is a route; this is what the routes share. */
import { token } from "../../contracts/service.ts";

export interface OpenAiService {
  /** Takes a place among the requests under way; call what it returns to leave. Throws `API_TOO_MANY`. */
  enter(): () => void;
  /** Removes sessions of single requests that are a day old; at most once an hour, without waiting for it. */
  tidy(): void;
}

export const OpenAi = token<OpenAiService>("openai");
