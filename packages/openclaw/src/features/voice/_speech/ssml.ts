/** Speech Synthesis Markup Language 1.0 (W3C), as Microsoft's services read it. */

export interface SsmlVoice {
  readonly voice: string;
  readonly language?: string | undefined;
  readonly rate?: string | undefined;
  readonly pitch?: string | undefined;
  readonly volume?: string | undefined;
}

/** One voice that says a plain text. The text is no markup, whatever is in it. */
export function ssml(text: string, { voice, language, rate, pitch, volume }: SsmlVoice): string {
  const told = language ?? /^[a-z]{2,3}-[A-Z]{2}/.exec(voice)?.[0] ?? "en-US";
  const prosody = Object.entries({ rate, pitch, volume }).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${escaped(value)}"`],
  );
  const said = prosody.length === 0 ? escaped(text) : `<prosody${prosody.join("")}>${escaped(text)}</prosody>`;
  return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escaped(told)}"><voice name="${escaped(voice)}">${said}</voice></speak>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- XML 1.0 has no way to write these
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, " ").replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}
