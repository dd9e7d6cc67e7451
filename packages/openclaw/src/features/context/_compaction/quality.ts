/** Whether a text can stand as a record of a conversation. */

const HEADINGS = ["Goal", "Decisions and facts", "Done", "Open", "Next"];
const REFUSAL = /^(?:i['’]?m sorry|i can(?:not|['’]t)|as an ai|sorry,)/i;
const LEAST_CHARS = 40;

/** What it lacks, for whoever writes it again; undefined when it will do. */
export function lacking(text: string): string | undefined {
  const body = text.trim();
  if (body.length < LEAST_CHARS) return "it was almost empty";
  if (REFUSAL.test(body)) return "it was a refusal, not a record";
  const found = new Set(
    Array.from(body.matchAll(/^#{1,4}\s*([^\n]+?)[\s:]*$/gm), ([, heading]) => heading?.toLowerCase()),
  );
  if (HEADINGS.filter((heading) => found.has(heading.toLowerCase())).length < 2)
    return `it had not the headings ${HEADINGS.map((heading) => `"## ${heading}"`).join(", ")}`;
  return undefined;
}
