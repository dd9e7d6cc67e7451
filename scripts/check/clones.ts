/** Tokens in a row that count as a copy: about eight lines. */
const WINDOW = 60;

/**
 * The share of lines, 0–1, that belong to a run of at least 60 tokens found more than once. Names and literals count
 * as written, comments, imports and layout do not.
 */
export function cloneShare(texts: readonly string[]): number {
  const files = texts.map(tokensOf);
  const places = new Map<string, [file: number, token: number][]>();
  files.forEach((tokens, file) => {
    for (let at = 0; at + WINDOW <= tokens.length; at++) {
      const key = tokens
        .slice(at, at + WINDOW)
        .map(({ text }) => text)
        .join("\u0001");
      places.set(key, [...(places.get(key) ?? []), [file, at]]);
    }
  });
  const copied = new Set<string>();
  for (const spots of places.values()) {
    if (spots.length < 2) continue;
    for (const [file, at] of spots)
      for (const { line } of files[file]!.slice(at, at + WINDOW)) copied.add(`${file}:${line}`);
  }
  const lines = files.reduce((sum, tokens) => sum + new Set(tokens.map(({ line }) => line)).size, 0);
  return lines === 0 ? 0 : copied.size / lines;
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\p{L}\p{N}_$]+|\n|\S/gu;

function tokensOf(source: string): Token[] {
  const text = source.replace(/^import\b[\s\S]*?;$/gm, (all) => all.replace(/[^\n]/g, ""));
  const tokens: Token[] = [];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token !== "\n" && !/^\/[/*]/.test(token)) tokens.push({ text: token, line });
    line += token.split("\n").length - 1;
  }
  return tokens;
}
