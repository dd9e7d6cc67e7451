/** A device's identity and its proof in `connect` (gateway protocol, device proof v3). */

export interface DeviceIdentity {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly id: string;
  /** Raw Ed25519 public key, base64url without padding. */
  readonly publicKey: string;
  /** Ed25519 signature over `data`, 64 bytes. */
  sign(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

export interface DeviceToken {
  readonly token: string;
  /** What was approved with it; ask for no more than that when using it. */
  readonly scopes: readonly string[];
}

/** Where a device keeps its key and the tokens that gateways gave it. */
export interface DeviceStore {
  /** The identity, made on first use; undefined where no key can be kept or used. */
  identity(): Promise<DeviceIdentity | undefined>;
  /** The token of this device for a gateway (its URL without fragment) and role. */
  token(gateway: string, role: string): Promise<DeviceToken | undefined>;
  /** Keeps a token, or forgets it. */
  keepToken(gateway: string, role: string, token: DeviceToken | undefined): Promise<void>;
}

export interface ProofInput {
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  /** Exactly as sent and in that order. */
  readonly scopes: readonly string[];
  /** Time of the challenge, epoch ms. */
  readonly signedAt: number;
  /** `auth.token`, else `auth.deviceToken`, else `auth.bootstrapToken`, else empty. */
  readonly token: string;
  readonly nonce: string;
  readonly platform: string;
  readonly deviceFamily: string;
}

export interface DeviceProof {
  readonly id: string;
  readonly publicKey: string;
  readonly signature: string;
  readonly signedAt: number;
  readonly nonce: string;
}

/** The text that is signed. */
export function proofText(id: string, input: ProofInput): string {
  const normal = (text: string) => text.trim().toLowerCase();
  return [
    "v3",
    id,
    input.clientId,
    input.clientMode,
    input.role,
    input.scopes.join(","),
    String(input.signedAt),
    input.token,
    input.nonce,
    normal(input.platform),
    normal(input.deviceFamily),
  ].join("|");
}

export async function prove(device: DeviceIdentity, input: ProofInput): Promise<DeviceProof> {
  const signature = await device.sign(new TextEncoder().encode(proofText(device.id, input)));
  return {
    id: device.id,
    publicKey: device.publicKey,
    signature: base64Url(signature),
    signedAt: input.signedAt,
    nonce: input.nonce,
  };
}

export function base64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
