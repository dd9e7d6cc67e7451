/**
 * What clients know a file by. They see its text with secrets hidden, so a plain digest of the bytes would let
 * them try guesses at a weak secret; one that is keyed does not. `hmac-sha256:v1:<base64url>`.
 */
import { createHmac } from "node:crypto";
import { dirname, join } from "node:path";
import { createExclusive, ensureDir, readRegular, writeDurable } from "../../../base/files.ts";
import { secretToken } from "../../../base/ids.ts";
import type { Platform } from "../../../contracts/service.ts";

type KeyPlatform = Pick<Platform, "paths" | "random">;

/** Makes the fingerprint of a hash. The key of this installation is read, or made, at the first use. */
export function fingerprints(platform: KeyPlatform): (hash: string) => Promise<string> {
  let key: Promise<Buffer> | undefined;
  return async (hash) => {
    // Where nothing can be stored, the fingerprints of this process serve as well while it runs.
    key ??= loadKey(platform).catch(() => platform.random.bytes(32));
    return `hmac-sha256:v1:${createHmac("sha256", await key)
      .update(hash)
      .digest("base64url")}`;
  };
}

async function loadKey({ paths, random }: KeyPlatform): Promise<Buffer> {
  const path = join(paths.state, "identity", "config-hash-key");
  const stored = await readKey(path);
  if (stored) return stored;
  await ensureDir(dirname(path));
  const fresh = secretToken(random);
  if (await createExclusive(path, `${fresh}\n`)) return Buffer.from(fresh, "base64url");
  const other = await readKey(path);
  if (other) return other;
  // Half-written by a process that died.
  await writeDurable(path, `${fresh}\n`);
  return Buffer.from(fresh, "base64url");
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const key = Buffer.from((await readRegular(path, 1024))?.trim() ?? "", "base64url");
  return key.length === 32 ? key : undefined;
}
