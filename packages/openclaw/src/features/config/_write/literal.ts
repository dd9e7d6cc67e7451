/** Keys as JSON5 writes them. */

/** Whether a key may stand without quotes. Only the plain form; words with a meaning of their own are quoted. */
export function isIdentifier(key: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) && !["null", "true", "false", "NaN", "Infinity"].includes(key);
}

export function quoteKey(key: string): string {
  return JSON.stringify(key);
}
