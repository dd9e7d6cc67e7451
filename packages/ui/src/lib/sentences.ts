/** Text for screen readers, sentence by sentence instead of token by token. */
const END = /[.!?…:]["»”’)\]]*(?=\s)|\n/gu;

/** The whole sentences of `text` after `from`, and where they end. */
export function nextSentences(text: string, from: number): { readonly said: string; readonly end: number } {
  let end = from;
  END.lastIndex = from;
  for (let match = END.exec(text); match !== null; match = END.exec(text)) end = match.index + match[0].length;
  return { said: text.slice(from, end).trim(), end };
}
