/** Makes the certificate of a gateway that was given none: X.509 v3 (RFC 5280), ECDSA P-256, signed by itself. */
import { generateKeyPair, sign } from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";
import type { Random } from "../../base/ids.ts";
import { COMMON_NAME } from "./certificate-name.ts";

/** As long as the strictest platforms allow. */
const VALID_MS = 825 * 86_400_000;
/** Clocks of clients may be behind. */
const BACKDATED_MS = 3_600_000;

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME_OID = "2.5.4.3";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

export interface MadeCertificate {
  /** PEM. */
  readonly cert: string;
  /** PKCS #8, PEM. */
  readonly key: string;
}

/** `names`: host names and addresses that it stands for. */
export async function makeCertificate(of: {
  readonly names: readonly string[];
  readonly now: number;
  readonly random: Random;
}): Promise<MadeCertificate> {
  const [{ AsnConvert, OctetString }, x] = await Promise.all([
    import("@peculiar/asn1-schema"),
    import("@peculiar/asn1-x509"),
  ]);
  const { publicKey, privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  const algorithm = new x.AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const name = new x.Name([
    new x.RelativeDistinguishedName([
      new x.AttributeTypeAndValue({
        type: COMMON_NAME_OID,
        value: new x.AttributeValue({ utf8String: COMMON_NAME }),
      }),
    ]),
  ]);
  const extension = (extnID: string, value: object, critical = false) =>
    new x.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  const names = of.names.map((text) =>
    isIP(text) === 0 ? new x.GeneralName({ dNSName: text }) : new x.GeneralName({ iPAddress: text }),
  );
  const tbsCertificate = new x.TBSCertificate({
    version: x.Version.v3,
    serialNumber: serialNumber(of.random),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new x.Validity({ notBefore: new Date(of.now - BACKDATED_MS), notAfter: new Date(of.now + VALID_MS) }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), x.SubjectPublicKeyInfo),
    extensions: new x.Extensions([
      extension(x.id_ce_basicConstraints, new x.BasicConstraints({ cA: false }), true),
      extension(x.id_ce_extKeyUsage, new x.ExtendedKeyUsage([SERVER_AUTH])),
      extension(x.id_ce_subjectAltName, new x.SubjectAlternativeName(names)),
    ]),
  });
  const signature = sign("sha256", Buffer.from(AsnConvert.serialize(tbsCertificate)), privateKey);
  const certificate = new x.Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: bytesOf(signature),
  });
  return {
    cert: pem(Buffer.from(AsnConvert.serialize(certificate))),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** 127 random bits, positive and without leading zeros. */
function serialNumber(random: Random): ArrayBuffer {
  const bytes = Buffer.from(random.bytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytesOf(bytes);
}

function bytesOf(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
