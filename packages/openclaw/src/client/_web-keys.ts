/** Ed25519 with WebCrypto. The private key is not extractable: a script can use it, never read it. */
import { base64Url } from "./_device.ts";
import type { DeviceIdentity } from "./_device.ts";

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export interface WebKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A new key pair; undefined where the browser has no WebCrypto (plain http) or no Ed25519. */
export async function makeWebKeys(): Promise<WebKeys | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  try {
    const keys = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return "privateKey" in keys ? keys : undefined;
  } catch {
    return undefined;
  }
}

export async function webIdentity(keys: WebKeys): Promise<DeviceIdentity> {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  return {
    id: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    publicKey: base64Url(raw),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, keys.privateKey, data)),
  };
}
