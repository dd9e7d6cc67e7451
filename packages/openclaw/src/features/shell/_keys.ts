/** Keys as bytes for a program's standard input, which is a pipe and no terminal. */
import { errors } from "./errors.ts";

const KEYS: Readonly<Record<string, string>> = {
  Enter: "\n",
  Tab: "\t",
  Space: " ",
  Escape: "\u001b",
  Backspace: "\b",
};
const PREFIX = "literal:";

/** `Enter`, `C-d` (ends the input), `literal:<text>`, or text of its own. Throws for keys that need a terminal. */
export function typed(keys: readonly string[]): { readonly data: string; readonly eof: boolean } {
  let data = "";
  for (const [at, key] of keys.entries()) {
    if (key === "C-d" && at === keys.length - 1) return { data, eof: true };
    if (/^(?:[CMS]-.|Up|Down|Left|Right|Home|End|PageUp|PageDown|Delete|Insert|F\d{1,2})$/.test(key)) {
      throw errors.PROCESS_KEY_UNKNOWN({ key });
    }
    data += key.startsWith(PREFIX) ? key.slice(PREFIX.length) : (KEYS[key] ?? key);
  }
  return { data, eof: false };
}
