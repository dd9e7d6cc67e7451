/** The text of a PDF file, page by page, as far as the limits reach. */
import type { getDocumentProxy } from "unpdf";
import { TaskTrouble } from "./protocol.ts";
import type { PdfText, Work } from "./protocol.ts";

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

export async function pdfText({ data, pages, maxPages, maxChars, password }: Work["pdf"]["asked"]): Promise<PdfText> {
  const { getDocumentProxy } = await import("unpdf");
  const document = await getDocumentProxy(data, {
    verbosity: 0,
    useSystemFonts: false,
    disableFontFace: true,
    ...(password === undefined ? {} : { password }),
  }).catch((error: Error) => {
    throw new TaskTrouble(error.name === "PasswordException" ? "password" : "unreadable", error.message);
  });
  const count = document.numPages;
  const wanted = (pages ?? Array.from({ length: Math.min(count, maxPages) }, (_, i) => i + 1)).filter(
    (page) => page <= count,
  );
  const read: { page: number; text: string }[] = [];
  let left = maxChars;
  for (const page of wanted.slice(0, maxPages)) {
    if (left <= 0) break;
    const text = (await textOf(document, page)).slice(0, left);
    left -= text.length;
    read.push({ page, text });
  }
  await document.cleanup();
  return { pages: read, count };
}

async function textOf(document: PdfDocument, number: number): Promise<string> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
  page.cleanup();
  return text.trim();
}
