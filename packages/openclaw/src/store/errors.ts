import { defineErrors, fault } from "../base/errors.ts";

export const errors = defineErrors({
  STORE_NEWER: fault<{ path: string; found: string; known: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path, found, known }) =>
      `The database ${path} was written by a newer version of OpenClaw (it has ${found}, this version knows up to ${known}).`,
    remedy: "Start that newer version again, or set OPENCLAW_STATE_DIR to another folder; nothing was changed.",
  }),
  STORE_DAMAGED: fault<{ path: string; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The database ${path} is damaged or no database at all (${reason}).`,
    remedy: ({ path }) =>
      `Stop the gateway and put back a backup of ${path}, or move it away together with its -wal and -shm files to start with an empty one; transcripts are kept in their own files.`,
  }),
  STORE_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The database ${path} cannot be opened or written (${reason}).`,
    remedy: "Check that the state directory exists, belongs to you and is on a writable disk.",
    retryable: true,
  }),
  DISK_FULL: fault<{ path: string }>({
    status: 507,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `There is no room left on the disk of ${path}.`,
    remedy: "Free some space; what was refused can then be sent again.",
    retryable: true,
  }),
  STORE_BUSY: fault<{ path: string; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The database ${path} is busy (${reason}).`,
    remedy: "Try again in a moment; if it stays like this, see whether a second gateway uses the same state directory.",
    retryable: true,
  }),
  STORE_CLOSED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "The gateway is stopping and takes nothing more.",
    remedy: "Try again when it has started.",
    retryable: true,
  }),
  MIGRATION_FAILED: fault<{ path: string; id: string; reason: string }>({
    status: 503,
    rpc: "INTERNAL",
    say: ({ path, id, reason }) => `The database ${path} could not be brought up to date at step ${id} (${reason}).`,
    remedy: "It still stands as it was before that step; start the previous version again and report this.",
  }),
  LABEL_IN_USE: fault<{ label: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ label }) => `label already in use: ${label}`,
    remedy: "Choose another label.",
  }),
  TRANSCRIPT_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 507,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The transcript ${path} could not be written (${reason}).`,
    remedy: "Free some disk space or make the file writable, then send the message again; nothing was half written.",
    retryable: true,
  }),
  TRANSCRIPT_EXISTS: fault<{ path: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `The transcript ${path} is there already.`,
    remedy: "Fork into a new session.",
  }),
  TRANSCRIPT_NAME: fault<{ name: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `${JSON.stringify(name.slice(0, 80))} cannot be part of a transcript's file name.`,
    remedy: "Use letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
  }),
});
