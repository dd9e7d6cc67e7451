/** Telegram's HTML as the Bot API documents it, strict: what it says about tags, nesting and entities. */

export class TelegramMarkupError extends Error {}

const TAGS = new Set([
  "b",
  "strong",
  "i",
  "em",
  "u",
  "ins",
  "s",
  "strike",
  "del",
  "code",
  "pre",
  "a",
  "blockquote",
  "tg-spoiler",
  "span",
]);
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };

/** The text that people see. Throws `TelegramMarkupError` for markup that the server would refuse. */
export function telegramText(html: string): string {
  const open: string[] = [];
  let text = "";
  for (const [token, tag] of html.matchAll(/<([^<>]*)>|<|&[^\s;&]*;?|[^<&]+/g)) {
    if (tag !== undefined) toggle(tag, open);
    else if (token.startsWith("<")) throw new TelegramMarkupError("Unclosed start tag");
    else text += token.startsWith("&") ? entity(token) : token;
  }
  if (open.length > 0) throw new TelegramMarkupError(`Can't find end tag corresponding to start tag "${open.at(-1)}"`);
  return text;
}

function toggle(tag: string, open: string[]): void {
  if (tag.startsWith("/")) {
    const name = tag.slice(1).trim();
    const started = open.pop();
    if (started !== name)
      throw new TelegramMarkupError(
        started === undefined
          ? "Unexpected end tag"
          : `Unmatched end tag, expected "</${started}>", found "</${name}>"`,
      );
    return;
  }
  const [, name = "", attributes = ""] = /^([a-z-]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*$/.exec(tag) ?? [];
  if (!TAGS.has(name)) throw new TelegramMarkupError(`Unsupported start tag "${tag}"`);
  if (name === "a" && !/^\s+href="[^"]+"$/.test(attributes)) throw new TelegramMarkupError("A link without an address");
  if (name === "code" && attributes !== "" && !/^\s+class="language-[^"]+"$/.test(attributes))
    throw new TelegramMarkupError("Unsupported attribute");
  if ((name === "blockquote" || name === "a") && open.includes(name)) throw new TelegramMarkupError(`Nested ${name}`);
  if (open.includes("code") || (open.includes("pre") && name !== "code"))
    throw new TelegramMarkupError("Entities inside code");
  open.push(name);
}

function entity(token: string): string {
  const known = ENTITIES[token];
  if (known !== undefined) return known;
  const code = /^&#(\d+);$/.exec(token)?.[1];
  if (code !== undefined) return String.fromCodePoint(Number(code));
  throw new TelegramMarkupError(`Unsupported entity ${token}`);
}
