/** What a client of the gateway can meet that the gateway itself did not say. */
import { defineErrors, fault } from "../base/errors.ts";

export const errors = defineErrors({
  GATEWAY_UNREACHABLE: fault<{ url: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ url }) => `The gateway at ${url} does not answer.`,
    remedy: "Start it with: openclaw gateway run. Look at it with: openclaw status.",
    retryable: true,
  }),
  GATEWAY_HANDSHAKE_TIMEOUT: fault<{ url: string; seconds: number }>({
    status: 504,
    rpc: "UNAVAILABLE",
    say: ({ url, seconds }) => `Something listens at ${url}, but it did not complete the login within ${seconds} s.`,
    remedy: "Check that the address is that of an OpenClaw gateway, then look at: openclaw logs.",
    retryable: true,
  }),
  GATEWAY_NOT_CONNECTED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "There is no connection to the gateway right now.",
    remedy: "Try again when the connection is back.",
    retryable: true,
  }),
  GATEWAY_CONNECTION_LOST: fault<{ code: number; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ code, reason }) =>
      `The connection to the gateway ended before it answered (${reason === "" ? code : `${code}, ${reason}`}).`,
    remedy: "Work that had started goes on; ask again when the connection is back.",
    retryable: true,
  }),
  GATEWAY_REQUEST_TIMEOUT: fault<{ method: string; seconds: number }>({
    status: 504,
    rpc: "UNAVAILABLE",
    say: ({ method, seconds }) => `The gateway did not answer ${method} within ${seconds} s.`,
    remedy: "Try again; if it stays so, look at: openclaw logs.",
    retryable: true,
  }),
  TLS_FINGERPRINT_INVALID: fault<{ fingerprint: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ fingerprint }) => `"${fingerprint}" is no SHA-256 fingerprint.`,
    remedy: "Use the 64 hex digits that the gateway prints at its start, with or without colons.",
  }),
  TLS_UNTRUSTED: fault<{ host: string; reason: string }>({
    status: 495,
    rpc: "INVALID_REQUEST",
    say: ({ host, reason }) => `Nobody vouches for the certificate of ${host}: ${reason}.`,
    remedy:
      "If it is your gateway's own, pass the fingerprint that the gateway prints at its start: --tls-fingerprint, or gateway.remote.tlsFingerprint.",
  }),
  TLS_FINGERPRINT_MISMATCH: fault<{ expected: string; served: string }>({
    status: 495,
    rpc: "INVALID_REQUEST",
    say: ({ expected, served }) =>
      `The certificate of the gateway is not the one that was pinned: it has ${served}, expected ${expected}.`,
    remedy:
      "Compare it with what the gateway prints at its start. Only if it is the same there, set gateway.remote.tlsFingerprint (or --tls-fingerprint) to it.",
  }),
  DEVICE_FILE_UNREADABLE: fault<{ path: string }>({
    status: 500,
    rpc: "INTERNAL",
    say: ({ path }) => `The identity of this device in ${path} cannot be read.`,
    remedy: "Move the file away: a new identity is made, and the gateway may ask you to approve it.",
  }),
});
