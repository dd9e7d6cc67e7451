/**
 * Command lines that need no shell. The gate never judges shell text: either a line is nothing but
 * words, and then it is judged and run as an argument vector, or it needs a shell and is shown whole.
 */

/** Characters that a POSIX shell gives a meaning to outside quotes. */
const SPECIAL = /[|&;<>()$`\\*?[\]{}~#!=\r\n]/;

/**
 * The words of a command line, or undefined when it needs a shell: operators, redirections, expansions,
 * globs, comments, assignments, escapes and open quotes. Single quotes are literal; double quotes are
 * literal when they contain no `$`, backtick, backslash or `!`.
 */
export function plainArgv(command: string): [string, ...string[]] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < command.length) {
    if (command[at] === " " || command[at] === "\t") {
      at += 1;
      continue;
    }
    const word = readWord(command, at);
    if (word === undefined) return undefined;
    words.push(word.text);
    at = word.end;
  }
  const [first, ...rest] = words;
  return first === undefined || first === "" || BUILT_IN.has(first) ? undefined : [first, ...rest];
}

/** Words that mean something to a shell although they look like programs. */
const BUILT_IN = new Set(
  [
    ". : alias bg break builtin case cd command continue coproc declare do done elif else enable esac eval",
    "exec exit export fg fi for function getopts hash if jobs let local mapfile popd pushd read readonly",
    "return select set shift shopt source then time times trap type typeset ulimit umask unalias unset",
    "until wait while",
  ].flatMap((line) => line.split(" ")),
);

function readWord(command: string, start: number): { text: string; end: number } | undefined {
  let text = "";
  let at = start;
  while (at < command.length) {
    const char = command[at] ?? "";
    if (char === " " || char === "\t") break;
    if (char === "'" || char === '"') {
      const close = command.indexOf(char, at + 1);
      if (close < 0) return undefined;
      const quoted = command.slice(at + 1, close);
      if (char === '"' && /[$`\\!]/.test(quoted)) return undefined;
      text += quoted;
      at = close + 1;
      continue;
    }
    // `=` is harmless after the first word has begun with a dash or elsewhere, but not in an assignment.
    if (SPECIAL.test(char) && !(char === "=" && text.startsWith("-"))) return undefined;
    if (char < " " || char === "\u007f") return undefined;
    text += char;
    at += 1;
  }
  return { text, end: at };
}
