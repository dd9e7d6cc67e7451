/** Plain English → one of the few things the built-in model can do. */

export type Wish =
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "list"; readonly folder: string | undefined }
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "time" }
  | { readonly kind: "remember"; readonly note: string }
  | { readonly kind: "recall" }
  | { readonly kind: "greeting" }
  | { readonly kind: "other" };

interface Rule {
  readonly pattern: RegExp;
  /** Punctuation at the end belongs to what is asked for. */
  readonly verbatim?: true;
  readonly wish: (found: readonly (string | undefined)[]) => Wish;
}

const RULES: readonly Rule[] = [
  {
    pattern:
      /^(?:remember|note(?: down)?|write down|take a note|(?:don't|do not) forget)(?:\s+that\b|\s*[:,])?\s+(.+)$/is,
    verbatim: true,
    wish: ([note = ""]) => ({ kind: "remember", note: note.trim() }),
  },
  {
    pattern: /^(?:run|execute|exec)(?:\s+the\s+command)?[:\s]\s*(.+)$/is,
    verbatim: true,
    wish: ([command = ""]) => ({ kind: "run", command: unquoted(command) }),
  },
  { pattern: /^\$\s+(.+)$/s, verbatim: true, wish: ([command = ""]) => ({ kind: "run", command: command.trim() }) },
  {
    pattern:
      /^(?:what do you remember|what did i ask you to remember|(?:show|read|list) (?:me )?(?:my |your |the )?(?:notes|memory))$/i,
    wish: () => ({ kind: "recall" }),
  },
  {
    pattern:
      /^(?:what(?:'s|\s+is)?\s+)?(?:tell\s+me\s+)?(?:the\s+)?(?:current\s+)?(?:time|date|day)(?:\s+is\s+it)?(?:\s+(?:now|today|right\s+now))?$/i,
    wish: () => ({ kind: "time" }),
  },
  {
    pattern:
      /^(?:list|show|what)\b[^\n]{0,40}\b(?:files|folder|directory|workspace)\b(?:[^\n]*?\b(?:in|of|under)\s+(?!the\b|this\b|my\b|your\b|there\b|here\b)(\S+))?/i,
    wish: ([folder]) => ({ kind: "list", folder: folder && unquoted(folder) }),
  },
  { pattern: /^(?:ls|dir)(?:\s+(\S+))?$/i, wish: ([folder]) => ({ kind: "list", folder: folder && unquoted(folder) }) },
  {
    pattern:
      /^(?:read|show|open|cat|print|display)\s+(?:me\s+)?(?:the\s+)?(?:file\s+|contents?\s+of\s+)?([`"'][^`"'\n]+[`"']|\S*[./]\S*)$/i,
    wish: ([path = ""]) => ({ kind: "read", path: unquoted(path) }),
  },
  {
    pattern: /^(?:hi|hello|hey|good (?:morning|afternoon|evening))\b[^\n]{0,30}$/i,
    wish: () => ({ kind: "greeting" }),
  },
];

/** What a message asks for. Brackets at its beginning say where it came from, not what was said. */
export function understand(message: string): Wish {
  const verbatim = withoutLead(message);
  const plain = verbatim.replace(/(?:[\s,]+please)?[\s?!.]*$/i, "");
  for (const rule of RULES) {
    const found = rule.pattern.exec(rule.verbatim ? verbatim : plain);
    if (found) return rule.wish(found.slice(1));
  }
  return { kind: "other" };
}

function withoutLead(message: string): string {
  return message
    .slice(0, 4000)
    .replace(/^(?:\s*\[[^\]\n]{0,200}\])+\s*/, "")
    .trim()
    .replace(/^(?:please|can you|could you|would you|will you)\b[\s,]*(?:please\s+)?/i, "");
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return /^(?:`[^`]*`|"[^"]*"|'[^']*')$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}
