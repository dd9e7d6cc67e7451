/** Keys as people paste them. Pure. */

/**
 * The key without what pasting adds: white space around it and line breaks inside. `problem` says why what is left
 * cannot be sent in a header; it never holds a part of the key.
 */
export function keyText(pasted: string): { readonly key: string } | { readonly problem: string } {
  const key = pasted.replace(/[ \t]*[\r\n]+[ \t]*/g, "").trim();
  if (key === "") return { problem: "it is empty" };
  if (/\s/.test(key)) return { problem: "it has a space inside" };
  if (!/^[\x21-\x7e]+$/.test(key)) return { problem: "it has a character inside that no key has" };
  if (key.length > 16_384) return { problem: "it is too long to be a key" };
  return { key };
}
