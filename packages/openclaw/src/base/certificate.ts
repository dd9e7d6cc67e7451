/** Certificates by their fingerprint: how clients recognise a gateway that no authority vouches for. */
import { X509Certificate } from "node:crypto";
import { join } from "node:path";

/** Where a gateway keeps the certificate that it made for itself. */
export function ownCertificate(stateDir: string): { readonly cert: string; readonly key: string } {
  const folder = join(stateDir, "tls");
  return { cert: join(folder, "gateway-cert.pem"), key: join(folder, "gateway-key.pem") };
}

/** SHA-256 of the first certificate of a PEM text, as 32 pairs of upper-case hex digits with colons. */
export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}

/** A fingerprint as people write it, as 64 lower-case hex digits; undefined when it is none. */
export function plainFingerprint(text: string): string | undefined {
  const digits = text
    .trim()
    .replace(/^sha-?256[:=]/i, "")
    .replaceAll(/[:\s]/g, "")
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}
