/**
 * Proof that a client holds a device's private key (gateway protocol, handshake): an Ed25519
 * signature over what the client asks for and the nonce of its socket.
 */
import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import { secretsEqual } from "../../base/compare.ts";

export interface DeviceClaim {
  readonly id: string;
  readonly publicKey: string;
  readonly signature: string;
  /** Unix epoch milliseconds. */
  readonly signedAt: number;
  readonly nonce: string;
}

/** What the signature must cover besides the claim itself. */
export interface Signed {
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  /** As sent, in that order. */
  readonly scopes: readonly string[];
  /** The credential that was sent, or the empty string. */
  readonly token: string;
  readonly platform: string;
  readonly deviceFamily: string;
}

export interface ProofProblem {
  readonly message: string;
  readonly code: string;
  readonly reason: string;
}

export type Proof =
  | { readonly ok: true; readonly publicKey: string }
  | { readonly ok: false; readonly problem: ProofProblem };

const SIGNATURE_SKEW_MS = 120_000;

const PROBLEMS = {
  id: problem("device identity mismatch", "DEVICE_AUTH_DEVICE_ID_MISMATCH", "device-id-mismatch"),
  key: problem("device public key invalid", "DEVICE_AUTH_PUBLIC_KEY_INVALID", "device-public-key"),
  expired: problem("device signature expired", "DEVICE_AUTH_SIGNATURE_EXPIRED", "device-signature-stale"),
  nonceMissing: problem("device nonce required", "DEVICE_AUTH_NONCE_REQUIRED", "device-nonce-missing"),
  nonce: problem("device nonce mismatch", "DEVICE_AUTH_NONCE_MISMATCH", "device-nonce-mismatch"),
  signature: problem("device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID", "device-signature"),
} as const;

/** Judges a claim; the first thing that is wrong is the answer. `publicKey` of the result is raw, base64url. */
export function proveDevice(
  claim: DeviceClaim,
  signed: Signed,
  socket: { readonly nonce: string; readonly now: number },
): Proof {
  const raw = rawPublicKey(claim.publicKey);
  if (raw === undefined || deviceIdOf(raw) !== claim.id) return refuse("id");
  const key = keyObject(raw);
  if (key === undefined) return refuse("key");
  if (Math.abs(socket.now - claim.signedAt) > SIGNATURE_SKEW_MS) return refuse("expired");
  if (claim.nonce.trim() === "") return refuse("nonceMissing");
  if (!secretsEqual(claim.nonce, socket.nonce)) return refuse("nonce");
  const signature = Buffer.from(claim.signature, "base64");
  if (signature.length !== 64) return refuse("signature");
  const genuine = payloads(claim, signed).some((text) => verify(null, Buffer.from(text, "utf8"), key, signature));
  return genuine ? { ok: true, publicKey: raw.toString("base64url") } : refuse("signature");
}

/** Lower-case hex SHA-256 of the raw public key. */
export function deviceIdOf(rawKey: Buffer): string {
  return createHash("sha256").update(rawKey).digest("hex");
}

/** The texts a signature may cover, newest version first. */
export function payloads(claim: Pick<DeviceClaim, "id" | "signedAt" | "nonce">, signed: Signed): string[] {
  const common = [
    claim.id,
    signed.clientId,
    signed.clientMode,
    signed.role,
    signed.scopes.join(","),
    String(claim.signedAt),
    signed.token,
    claim.nonce,
  ];
  const bound = [fold(signed.platform), fold(signed.deviceFamily)];
  return [["v3", ...common, ...bound].join("|"), ["v2", ...common].join("|")];
}

/** Platform names are compared without case and outer blanks. */
export function fold(name: string | undefined): string {
  return (name ?? "").trim().toLowerCase();
}

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The 32 bytes of an Ed25519 key given as base64url, base64 or SPKI PEM. */
function rawPublicKey(text: string): Buffer | undefined {
  if (text.length > 1024) return undefined;
  if (text.includes("-----BEGIN")) return fromPem(text);
  const bytes = Buffer.from(text, "base64");
  return bytes.length === 32 ? bytes : undefined;
}

function fromPem(text: string): Buffer | undefined {
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType !== "ed25519") return undefined;
    return key.export({ type: "spki", format: "der" }).subarray(-32);
  } catch {
    return undefined;
  }
}

function keyObject(raw: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

function problem(message: string, code: string, reason: string): ProofProblem {
  return { message, code, reason };
}

function refuse(what: keyof typeof PROBLEMS): Proof {
  return { ok: false, problem: PROBLEMS[what] };
}
