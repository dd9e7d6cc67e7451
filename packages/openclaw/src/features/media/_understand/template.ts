/** `{{Name}}` in the arguments of a program: each argument by itself, never through a shell. */

/** Blanks inside the braces are fine, case counts, an unknown name is nothing. */
export function expand(text: string, values: Readonly<Record<string, string | undefined>>): string {
  const filled = text.replace(/\{\{[ \t]{0,8}([A-Za-z0-9]{1,40})[ \t]{0,8}\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "").replaceAll("\0", "") : "",
  );
  // What a sender wrote must not become a flag of the program.
  return filled.startsWith("-") && !text.startsWith("-") ? ` ${filled}` : filled;
}
