/**
 * A WebSocket that talks to one certificate only, whoever signed it, or says why it trusts none. For Node: the
 * class of `ws`, which a browser has no use for. Nothing is sent before the certificate was looked at.
 */
import type { Duplex } from "node:stream";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { WebSocket as NodeWebSocket } from "ws";
import { systemCode } from "../base/errors.ts";
import { plainFingerprint } from "../base/certificate.ts";
import { errors } from "./errors.ts";

const CONNECT_MS = 10_000;

interface Peer {
  readonly host?: string;
  readonly port?: string | number;
}
type Opened = (error: Error | null, socket?: Duplex) => void;

/**
 * `fingerprint`: SHA-256 of the leaf, in hex with or without colons; without one the usual authorities
 * decide. Throws `TLS_FINGERPRINT_INVALID`.
 */
export function pinnedTo(fingerprint: string | undefined): typeof WebSocket {
  if (fingerprint === undefined) return classFor(undefined);
  const pin = plainFingerprint(fingerprint);
  if (pin === undefined) throw errors.TLS_FINGERPRINT_INVALID({ fingerprint });
  return classFor(pin);
}

function classFor(pin: string | undefined): typeof WebSocket {
  class Pinned extends NodeWebSocket {
    constructor(url: string | URL) {
      super(url, {
        perMessageDeflate: false,
        createConnection: ((peer: Peer, opened: Opened) => open(peer, pin, opened)) as never,
      });
    }
  }
  return Pinned as unknown as typeof WebSocket;
}

/** Hands the socket over once it is encrypted and the certificate is the right one. */
function open({ host = "", port }: Peer, pin: string | undefined, opened: Opened): void {
  const socket: TLSSocket = connect({
    host,
    port: Number(port),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // The fingerprint stands in the place of the authorities.
    rejectUnauthorized: pin === undefined,
    timeout: CONNECT_MS,
  });
  const failed = (error: Error) => {
    socket.destroy();
    opened(isDistrust(error) ? errors.TLS_UNTRUSTED({ host, reason: error.message.split(";", 1)[0] ?? "" }) : error);
  };
  const late = () => failed(new Error("the other side does not speak TLS"));
  socket.once("error", failed);
  socket.once("timeout", late);
  socket.once("secureConnect", () => {
    const served = plainFingerprint(socket.getPeerX509Certificate()?.fingerprint256 ?? "");
    if (pin !== undefined && served !== pin)
      return failed(errors.TLS_FINGERPRINT_MISMATCH({ expected: pin, served: served ?? "none" }));
    socket.off("error", failed);
    socket.off("timeout", late);
    socket.setTimeout(0);
    opened(null, socket);
  });
}

/** Codes of OpenSSL's verification, and Node's own for a wrong name. */
function isDistrust(error: Error): boolean {
  const code = systemCode(error) ?? "";
  return /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|^HOSTNAME_MISMATCH/.test(code);
}
