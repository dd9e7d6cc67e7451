/** Keys as bytes for a program's input: a pipe, or a terminal with the sequences of xterm (ctlseqs, normal mode). */
import { errors } from "./errors.ts";

const PIPE_KEYS: Readonly<Record<string, string>> = {
  Enter: "\n",
  Tab: "\t",
  Space: " ",
  Escape: "\u001b",
  Backspace: "\b",
};
const TERMINAL_KEYS: Readonly<Record<string, string>> = {
  ...PIPE_KEYS,
  Enter: "\r",
  Backspace: "\u007f",
  Up: "\u001b[A",
  Down: "\u001b[B",
  Right: "\u001b[C",
  Left: "\u001b[D",
  Home: "\u001b[H",
  End: "\u001b[F",
  PageUp: "\u001b[5~",
  PageDown: "\u001b[6~",
  Insert: "\u001b[2~",
  Delete: "\u001b[3~",
  F1: "\u001bOP",
  F2: "\u001bOQ",
  F3: "\u001bOR",
  F4: "\u001bOS",
  F5: "\u001b[15~",
  F6: "\u001b[17~",
  F7: "\u001b[18~",
  F8: "\u001b[19~",
  F9: "\u001b[20~",
  F10: "\u001b[21~",
  F11: "\u001b[23~",
  F12: "\u001b[24~",
};
const PREFIX = "literal:";
const NEEDS_TERMINAL = /^(?:[CMS]-.|Up|Down|Left|Right|Home|End|PageUp|PageDown|Delete|Insert|F\d{1,2})$/;

export interface Typed {
  readonly data: string;
  /** The input ends here. */
  readonly eof: boolean;
}

/**
 * `Enter`, `C-d`, `Up`, `hex:1b5b41`, `literal:<text>`, or text of its own. On a pipe `C-d` at the end ends the
 * input; keys that a pipe does not know are refused.
 */
export function typed(keys: readonly string[], { terminal }: { readonly terminal: boolean }): Typed {
  let data = "";
  for (const [at, key] of keys.entries()) {
    if (!terminal && key === "C-d" && at === keys.length - 1) return { data, eof: true };
    data += key.startsWith(PREFIX) ? key.slice(PREFIX.length) : bytesOf(key, terminal);
  }
  return { data, eof: false };
}

/** Text that is pasted: a program on a terminal can tell it from typing (bracketed paste). */
export function pasted(text: string, { terminal }: { readonly terminal: boolean }): string {
  // The end mark inside the text would end the paste early.
  return terminal ? `\u001b[200~${text.replaceAll("\u001b[201~", "")}\u001b[201~` : text;
}

function bytesOf(key: string, terminal: boolean): string {
  const named = (terminal ? TERMINAL_KEYS : PIPE_KEYS)[key];
  if (named !== undefined) return named;
  const hex = /^hex:((?:[0-9a-f]{2}){1,64})$/i.exec(key)?.[1];
  if (hex !== undefined) return Buffer.from(hex, "hex").toString("latin1");
  if (!NEEDS_TERMINAL.test(key)) return key;
  const character = key.slice(2);
  if (terminal && key.startsWith("C-")) return control(key, character);
  if (terminal && key.startsWith("M-")) return `\u001b${character}`;
  if (terminal && key.startsWith("S-")) return character.toUpperCase();
  throw errors.PROCESS_KEY_UNKNOWN({ key });
}

/** `C-c` is 0x03: the letter without its upper bits (ECMA-48). */
function control(key: string, character: string): string {
  const code = character.toUpperCase().charCodeAt(0);
  if (character === "?") return "\u007f";
  if (code < 0x40 || code > 0x5f) throw errors.PROCESS_KEY_UNKNOWN({ key });
  return String.fromCharCode(code & 0x1f);
}
