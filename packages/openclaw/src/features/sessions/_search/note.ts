/** Under which key a transcript was held, in its own last line: its row will name another one. */
import type { SessionRow, Transcripts } from "../../../store/index.ts";

/** Type of that line. */
export const KEY_NOTE = "openclaw:session-key";

/** Does nothing when nothing was said. */
export async function noteKey(transcripts: Transcripts, { key, agentId, entry }: SessionRow): Promise<void> {
  const ref = { agentId, sessionId: entry.sessionId };
  if ((await transcripts.size(ref)) === 0) return;
  await transcripts.note(ref, "custom", { customType: KEY_NOTE, data: { key } }, { cwd: "" });
}
