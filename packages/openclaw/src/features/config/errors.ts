import { defineErrors, fault } from "../../base/errors.ts";

const DOCTOR = "Run: openclaw doctor --fix";

/** `report` is the whole text `Invalid config at <file>:` with one line per issue. */
interface Broken {
  readonly report: string;
}

export const errors = defineErrors({
  CONFIG_INVALID: fault<Broken & { readonly byHand?: boolean }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ report }) => report,
    remedy: ({ byHand }) =>
      byHand === true ? "Correct what is named by hand: openclaw doctor --fix removes unknown keys only." : DOCTOR,
  }),
  CONFIG_SYNTAX: fault<Broken>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ report }) => report,
    remedy: "Correct the line that is named; the file is JSON5.",
  }),
  CONFIG_INCLUDE: fault<Broken>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ report }) => report,
    remedy: "Correct the `$include` that is named, or the file it points to.",
  }),
  CONFIG_LEGACY: fault<Broken>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ report }) => report,
    remedy: "Keys of an older version are renamed by: openclaw doctor --fix",
  }),
  CONFIG_VARIABLE_MISSING: fault<Broken>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ report }) => report,
    remedy: "Set the variable in the environment or in the .env file of the state directory, or remove the reference.",
  }),
  CONFIG_SECRET: fault<Broken>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ report }) => report,
    remedy: "Make the secret available where the reference points, or write another reference; then try again.",
    retryable: true,
  }),
  CONFIG_NEWER: fault<{ written: string; running: string; action: string }>({
    status: 409,
    rpc: "FORBIDDEN",
    say: ({ written, running, action }) =>
      `The configuration was written by OpenClaw ${written}, and this is the older ${running}: ${action} is refused.`,
    remedy:
      "Fix PATH so that `openclaw` is the newer installation; or run `openclaw gateway install --force` from the newer one and restart the gateway; or remove stale wrappers that still start this one. To do it all the same, once: OPENCLAW_ALLOW_OLDER_BINARY_DESTRUCTIVE_ACTIONS=1.",
  }),
  CONFIG_UNREADABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The configuration ${path} cannot be read: ${reason}.`,
    remedy:
      "Make sure that it is the right file and that this user may read it, or name another one with OPENCLAW_CONFIG_PATH.",
  }),
  CONFIG_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The configuration ${path} cannot be written: ${reason}.`,
    remedy: "Give this user write access to the folder and make sure that the disk is not full.",
  }),
  CONFIG_BUSY: fault<{ path: string; lock: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `Another process is writing the configuration ${path}.`,
    remedy: ({ lock }) => `Try again; if nothing else is running, remove ${lock}.`,
    retryable: true,
  }),
  CONFIG_READ_ONLY: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "The configuration is read-only because OPENCLAW_NIX_MODE is set.",
    remedy: "Change it where it is generated.",
  }),
  CONFIG_PATH_UNKNOWN: fault<{ path: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `Config path not found: ${path}`,
    remedy: "Look at what is set with: openclaw config get .",
  }),
  CONFIG_PATH_MALFORMED: fault<{ path: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `${JSON.stringify(path)} is not a config path.`,
    remedy: 'Write keys with dots and positions in brackets: agents.list[0].id, channels.telegram.groups["-100123"].',
  }),
  CONFIG_WRITE_REJECTED: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `Config write rejected: ${reason}`,
    remedy: "Nothing was written.",
  }),
  CONFIG_INCLUDED: fault<{ path: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `Config write rejected: ${path} is laid out with \`$include\` in a way that is not written to.`,
    remedy:
      'Change the included file itself; only a whole section that is exactly { $include: "<one file>" } is written by commands.',
  }),
  CONFIG_USAGE: fault<{ problem: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem }) => problem,
    remedy: "See how it is used with: openclaw config set --help, or openclaw config patch --help",
  }),
  CONFIG_CHANGED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "config changed since last load; re-run config.get and retry",
    remedy: "Read the configuration again and repeat the change on what it says now.",
  }),
  CONFIG_HASH_MISSING: fault<{ paths: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ paths }) =>
      paths.length === 0
        ? "config base hash required; re-run config.get and retry"
        : `config base hash required for ${paths.join(", ")}; re-run config.get and retry with baseHash`,
    remedy: "Send the hash of config.get as baseHash.",
  }),
  CONFIG_RAW_INVALID: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => reason,
    remedy: "Send one JSON5 object as raw.",
  }),
  CONFIG_PAYLOAD_INVALID: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `invalid config: ${reason}`,
    remedy: "Correct what is named; config.schema.lookup tells what may stand at a path.",
  }),
  CONFIG_SCHEMA_PATH_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "config schema path not found",
    remedy: "Begin with a section of config.schema; `*` stands for any name or entry.",
  }),
  PROFILE_INVALID: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => reason,
    remedy: "A profile is letters, digits, - and _, beginning with a letter or digit; use either --profile or --dev.",
  }),
  CONFIG_WRITES_OFF: fault<{ channel: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ channel }) => `The configuration may not be changed from ${channel}.`,
    remedy: ({ channel }) => `Set channels.${channel}.configWrites to true to allow it.`,
  }),
});
