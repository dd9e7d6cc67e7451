/** How far a client has read, opaque to it. */

interface Cursor {
  readonly sessionId: string;
  /** Newest entry it knows; null = none. */
  readonly leaf: string | null;
}

const MAX_LENGTH = 2048;

export function writeCursor({ sessionId, leaf }: Cursor): string {
  return Buffer.from(JSON.stringify([sessionId, leaf]), "utf8").toString("base64url");
}

/** Undefined for anything that `writeCursor` did not make. */
export function readCursor(text: string): Cursor | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [sessionId, leaf] = value as [unknown, unknown];
    if (typeof sessionId !== "string" || (leaf !== null && typeof leaf !== "string")) return undefined;
    return { sessionId, leaf };
  } catch {
    return undefined;
  }
}
