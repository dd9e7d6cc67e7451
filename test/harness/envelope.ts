/** What a person wrote, out of what the model reads: `[Telegram Ann 11 2026-01-18 00:19 UTC] hello` → `hello`. */
export function withoutEnvelope(text: string): string {
  return text.replace(/^\[Telegram [^\]]*\] /, "");
}
