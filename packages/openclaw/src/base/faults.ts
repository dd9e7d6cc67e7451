/** Errors that the choke points of this folder raise. */
import { defineErrors, fault } from "./errors.ts";

export const errors = defineErrors({
  SPAWN_FAILED: fault<{ program: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ program, reason }) => `The program ${program} could not be started (${reason}).`,
    remedy: "Check that it is installed and that the working directory exists.",
  }),
  EGRESS_REFUSED: fault<{ host: string; reason: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ host, reason }) => `No request to ${host}: ${reason}.`,
    remedy: "Only public http(s) addresses can be fetched; servers of your own belong into the configuration.",
  }),
  FETCH_FAILED: fault<{ host: string; reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ host, reason }) => `The request to ${host} failed (${reason}).`,
    remedy: "Check the address and the network connection, then try again.",
    retryable: true,
  }),
  FETCH_TIMEOUT: fault<{ host: string; ms: number }>({
    status: 504,
    rpc: "UNAVAILABLE",
    say: ({ host, ms }) => `${host} did not answer within ${ms} ms.`,
    remedy: "Try again later, or check whether the server is overloaded.",
    retryable: true,
  }),
  FETCH_TOO_LARGE: fault<{ host: string; maxBytes: number }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ host, maxBytes }) => `The answer of ${host} is larger than the ${maxBytes} bytes that may be read.`,
    remedy: "Ask for less, or raise the limit where it is configured.",
  }),
  FETCH_HEADER: fault<{ host: string; name: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ host, name }) =>
      `The request to ${host} was not made: its header "${name}" holds a line break or another character that no header may have.`,
    remedy: "Look at the key or the header in the configuration, and paste it again.",
  }),
  FETCH_REDIRECTS: fault<{ host: string; max: number }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ host, max }) => `${host} redirected more than ${max} times.`,
    remedy: "Use the final address itself.",
  }),
  SOCKET_CLOSED: fault<{ host: string; code: number }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ host, code }) => `${host} closed the connection (${code}).`,
    remedy: "Try again later.",
    retryable: true,
  }),
  PATH_OUTSIDE: fault<{ path: string; root: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ path, root }) => `${path} is outside ${root}.`,
    remedy: "Use a path inside that folder; links that lead out of it are not followed.",
  }),
  PATH_MISSING: fault<{ path: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `There is no file ${path}.`,
    remedy: "Check the path.",
  }),
  PATH_NOT_FILE: fault<{ path: string; kind: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path, kind }) => `${path} is ${kind}, not a regular file.`,
    remedy: "Name a regular file.",
  }),
  PATH_CHANGED: fault<{ path: string }>({
    status: 409,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `${path} was replaced by something else while it was being opened.`,
    remedy: "Try again.",
    retryable: true,
  }),
  PATH_DENIED: fault<{ path: string; reason: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ path, reason }) => `${path} cannot be used (${reason}).`,
    remedy: "Check the permissions of the file and its folder, and the room on the disk.",
  }),
  FILE_TOO_LARGE: fault<{ path: string; bytes: number; maxBytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ path, bytes, maxBytes }) => `${path} has ${bytes} bytes; at most ${maxBytes} can be read at once.`,
    remedy: "Read a part of it.",
  }),
});
