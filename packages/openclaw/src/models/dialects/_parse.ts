/** One event's data as JSON. */
import { CallFailed } from "./_call.ts";

/** Throws `CallFailed` for what is no JSON object. Fields are typed as promised, so readers treat them as optional. */
export function parseChunk<T extends object>(data: string): T {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === "object" && value !== null) return value as T;
  } catch {
    // Said below, for both cases.
  }
  throw new CallFailed({
    class: "server_error",
    code: "garbage",
    message: "The model's server sent something that is not its protocol.",
  });
}
