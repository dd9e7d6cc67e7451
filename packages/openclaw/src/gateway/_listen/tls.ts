/**
 * The certificate of the listener: read from its files, made where that is wanted, renewed before it expires
 * and taken up again when the files change.
 */
import { X509Certificate, createPrivateKey } from "node:crypto";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { Server, ServerOptions } from "node:http";
import { createServer } from "node:https";
import { createSecureContext, type Server as SecureServer } from "node:tls";
import { fingerprintOf } from "../../base/certificate.ts";
import { errorText } from "../../base/errors.ts";
import { ensureDir, readText, watchFile, writeDurable } from "../../base/files.ts";
import type { Scope } from "../../base/scope.ts";
import type { Platform } from "../../contracts/service.ts";
import type { OwnAddresses } from "./bind.ts";
import { COMMON_NAME } from "./certificate-name.ts";
import { errors } from "../errors.ts";
import type { TlsSettings } from "./settings.ts";

interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  /** SHA-256 of the leaf, upper-case hex with colons. */
  readonly fingerprint: string;
}

/** The secure side of a listener. */
export interface Tls {
  readonly fingerprint: string;
  /** A server like that of `node:http`. */
  create(options: ServerOptions): Server;
  /** Follows the files of the certificate until the scope ends. */
  keep(scope: Scope): void;
}

/** A client that connects has this long to agree on keys. */
const HANDSHAKE_MS = 10_000;

/** Rejects with `GATEWAY_TLS` when there is no usable certificate. */
export async function openTls(parts: {
  readonly platform: Platform;
  readonly settings: TlsSettings;
  readonly own: OwnAddresses;
}): Promise<Tls> {
  const first = await loadCertificate(parts.platform, parts.settings, parts.own);
  const { fingerprint, ...material } = first;
  parts.platform.log.for("gateway").info("serving TLS", { fingerprint });
  let made: SecureServer | undefined;
  return {
    fingerprint,
    create(options) {
      const server = createServer({ ...options, ...material, minVersion: "TLSv1.2", handshakeTimeout: HANDSHAKE_MS });
      // A client that speaks plain HTTP, or trusts no certificate of ours.
      server.on("tlsClientError", (_error, socket) => socket.destroy());
      made = server;
      return server as unknown as Server;
    },
    keep(scope) {
      if (made !== undefined) keepCertificate({ ...parts, server: made, scope, first });
    },
  };
}

const MAX_BYTES = 1 << 20;
const RENEW_BEFORE_MS = 30 * 86_400_000;
const LOOK_EVERY_MS = 12 * 3_600_000;
/** Two files are written one after the other. */
const SETTLE_MS = 500;

/** The certificate to serve. Rejects with `GATEWAY_TLS` when there is no usable one. */
async function loadCertificate(platform: Platform, settings: TlsSettings, own: OwnAddresses): Promise<Certificate> {
  const found = await readPair(settings);
  if (settings.autoGenerate && (found === undefined || expires(found, platform.clock.now()))) {
    await replace(platform, settings, own);
  } else if (found === undefined) {
    throw errors.GATEWAY_TLS({ reason: `there is no ${settings.certPath} with ${settings.keyPath}` });
  }
  const pair = await readPair(settings);
  if (pair === undefined) throw errors.GATEWAY_TLS({ reason: `${settings.certPath} cannot be read` });
  return checked(pair, settings);
}

/** Serves what the files hold from now on, until the scope ends. `changed` hears of each new certificate. */
function keepCertificate(parts: {
  readonly platform: Platform;
  readonly settings: TlsSettings;
  readonly own: OwnAddresses;
  readonly server: Pick<SecureServer, "setSecureContext">;
  readonly scope: Scope;
  readonly first: Certificate;
}): void {
  const { platform, settings, scope } = parts;
  const { clock } = platform;
  const log = platform.log.for("gateway");
  let current = parts.first.fingerprint;
  let settling = () => {};
  let looking = () => {};
  const take = async () => {
    try {
      const next = await loadCertificate(platform, settings, parts.own);
      if (next.fingerprint === current || scope.closed) return;
      parts.server.setSecureContext(next);
      current = next.fingerprint;
      log.warn("a new certificate is served: clients that pinned the old one need its fingerprint", {
        fingerprint: current,
      });
    } catch (error) {
      log.error("the new certificate cannot be served, the old one stays", { error: errorText(error) });
    }
  };
  const soon = () => {
    settling();
    settling = clock.timer(SETTLE_MS, () => void take());
  };
  const look = () => {
    looking = clock.timer(LOOK_EVERY_MS, () => {
      void take();
      look();
    });
  };
  look();
  const watched = [settings.certPath, settings.keyPath].map((path) => watchFile(path, soon));
  scope.add("certificate", () => {
    settling();
    looking();
    for (const stop of watched) stop();
  });
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

async function readPair({ certPath, keyPath }: TlsSettings): Promise<Pair | undefined> {
  try {
    const [cert, key] = await Promise.all([readText(certPath, MAX_BYTES), readText(keyPath, MAX_BYTES)]);
    return cert === undefined || key === undefined ? undefined : { cert, key };
  } catch (error) {
    throw errors.GATEWAY_TLS({ reason: errorText(error) });
  }
}

/** Whether it was made here and has little time left. Others are renewed by whoever made them. */
function expires({ cert }: Pair, now: number): boolean {
  try {
    const { subject, issuer, validTo } = new X509Certificate(cert);
    return subject === issuer && subject === `CN=${COMMON_NAME}` && Date.parse(validTo) - now < RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}

async function replace(platform: Platform, settings: TlsSettings, own: OwnAddresses): Promise<void> {
  const { makeCertificate } = await import("./certificate.ts");
  const host = hostname().toLowerCase();
  const names = ["localhost", host, `${host.split(".")[0]}.local`, "127.0.0.1", "::1", ...own.tailnet, ...own.outward];
  const made = await makeCertificate({
    names: [...new Set(names)].filter((name) => /^[a-z0-9.:-]+$/.test(name)),
    now: platform.clock.now(),
    random: platform.random,
  });
  try {
    for (const path of [settings.certPath, settings.keyPath]) await ensureDir(dirname(path));
    await writeDurable(settings.keyPath, made.key);
    await writeDurable(settings.certPath, made.cert);
  } catch (error) {
    throw errors.GATEWAY_STATE_UNWRITABLE({ path: settings.certPath, reason: errorText(error) });
  }
}

async function checked(pair: Pair, settings: TlsSettings): Promise<Certificate> {
  try {
    if (!new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key)))
      throw new Error("the certificate and the key do not belong together");
    const ca = settings.caPath === undefined ? undefined : await readText(settings.caPath, MAX_BYTES);
    if (settings.caPath !== undefined && ca === undefined) throw new Error(`there is no ${settings.caPath}`);
    const certificate = { ...pair, ...(ca === undefined ? {} : { ca }) };
    createSecureContext(certificate);
    return { ...certificate, fingerprint: fingerprintOf(pair.cert) };
  } catch (error) {
    throw errors.GATEWAY_TLS({ reason: errorText(error) });
  }
}
