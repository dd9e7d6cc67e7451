/** The gateway's own secret: device tokens and its identity are derived from it. */
import { createHmac, createPrivateKey, createPublicKey } from "node:crypto";
import { dirname, join } from "node:path";
import { ensureDir, readText, writeDurable } from "../../base/files.ts";
import { errorText } from "../../base/errors.ts";
import type { Platform } from "../../contracts/service.ts";
import { deviceIdOf } from "./device-proof.ts";
import { errors } from "../errors.ts";

export interface GatewayKey {
  /** Bearer of a device: the same until its generation changes. Kept nowhere. */
  deviceToken(deviceId: string, role: string, generation: number): string;
  /** Who this gateway is; `publicKey` is a raw Ed25519 key, base64url. */
  identity(): { readonly deviceId: string; readonly publicKey: string };
}

const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Reads the key, or makes it at the first start. The file is readable by its owner only. */
export async function loadGatewayKey(platform: Platform): Promise<GatewayKey> {
  const path = join(platform.paths.state, "identity", "gateway-key");
  try {
    const stored = await readText(path, 1024);
    if (stored !== undefined) return keyFrom(stored.trim(), path);
    const fresh = platform.random.bytes(32).toString("base64url");
    await ensureDir(dirname(path));
    await writeDurable(path, `${fresh}\n`);
    return keyFrom(fresh, path);
  } catch (error) {
    throw errors.GATEWAY_STATE_UNWRITABLE({ path, reason: errorText(error) });
  }
}

function keyFrom(text: string, path: string): GatewayKey {
  const secret = Buffer.from(text, "base64url");
  if (secret.length !== 32) throw new Error(`${path} does not hold a key`);
  const derive = (purpose: string) => createHmac("sha256", secret).update(purpose).digest();
  return {
    deviceToken: (deviceId, role, generation) =>
      derive(`device-token|${deviceId}|${role}|${generation}`).toString("base64url"),
    identity() {
      const key = createPrivateKey({
        key: Buffer.concat([PKCS8_PREFIX, derive("identity")]),
        format: "der",
        type: "pkcs8",
      });
      const raw = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(-32);
      return { deviceId: deviceIdOf(raw), publicKey: raw.toString("base64url") };
    },
  };
}
