/** The text of a document, read in a thread of its own. */
import type { MediaThread } from "./_thread/host.ts";
import { TaskTrouble } from "./_thread/protocol.ts";
import type { PdfText, Work } from "./_thread/protocol.ts";
import { errors } from "./errors.ts";

export async function pdfText(thread: () => Promise<MediaThread>, asked: Work["pdf"]["asked"]): Promise<PdfText> {
  try {
    return await (await thread()).ask("pdf", asked);
  } catch (error) {
    if (!(error instanceof TaskTrouble)) throw error;
    if (error.trouble === "password") throw errors.PDF_LOCKED();
    throw errors.PDF_BROKEN({ reason: error.message });
  }
}
