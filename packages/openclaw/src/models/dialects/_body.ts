/** Reading a body in pieces, bounded. */

/** The next piece of a body; undefined at its end. */
export type Pull = () => Promise<Uint8Array | undefined>;

/** The start of a body as text, at most `limit` bytes; what had come when it broke off. */
export async function readText(pull: Pull, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let bytes = await pull(); bytes !== undefined && size < limit; bytes = await pull()) {
      chunks.push(bytes);
      size += bytes.length;
    }
  } catch {
    // Its readers can use a part, and notice by themselves when it is not enough.
  }
  return Buffer.concat(chunks).subarray(0, limit).toString("utf8");
}
