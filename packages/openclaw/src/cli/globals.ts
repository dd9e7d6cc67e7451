/** Flags that stand before the command. Read by hand, because this runs before anything else is loaded. */

export interface GlobalFlags {
  readonly dev: boolean;
  readonly profile?: string;
  readonly color: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly logLevel?: string;
  readonly version: boolean;
  readonly help: boolean;
}

export interface GlobalFlag {
  readonly flags: string;
  readonly summary: string;
}

/** As help shows them. */
export const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  { flags: "--dev", summary: "Use the state directory ~/.openclaw-dev and port 19001" },
  { flags: "--profile <name>", summary: "Use the state directory ~/.openclaw-<name>" },
  { flags: "--no-color", summary: "Print without colours" },
  { flags: "--log-level <level>", summary: "silent, fatal, error, warn, info, debug or trace" },
  { flags: "--json", summary: "Print one JSON document, where supported" },
  { flags: "--verbose", summary: "Print debug messages, where supported" },
  { flags: "-V, --version", summary: "Print the version" },
  { flags: "-h, --help", summary: "Print help for any command" },
];

const NAMES: Readonly<Record<string, keyof GlobalFlags>> = {
  "--dev": "dev",
  "--json": "json",
  "--verbose": "verbose",
  "-V": "version",
  "-v": "version",
  "--version": "version",
  "-h": "help",
  "--help": "help",
};
const WITH_VALUE: Readonly<Record<string, keyof GlobalFlags>> = { "--profile": "profile", "--log-level": "logLevel" };

export interface Globals {
  readonly flags: GlobalFlags;
  /** From the command on. */
  readonly rest: readonly string[];
  /** A flag before the command that is none of these, or lacks its value. */
  readonly problem?: { readonly flag: string; readonly kind: "unknown" | "value" };
}

export function readGlobals(argv: readonly string[]): Globals {
  const read: Record<string, unknown> = {
    dev: false,
    color: true,
    json: false,
    verbose: false,
    version: false,
    help: false,
  };
  let at = 0;
  for (; at < argv.length; at += 1) {
    const [name = "", ...inline] = (argv[at] ?? "").split("=");
    if (!name.startsWith("-")) break;
    const valued = WITH_VALUE[name];
    if (valued !== undefined) {
      const value = inline.length > 0 ? inline.join("=") : argv[(at += 1)];
      if (value === undefined)
        return { flags: read as unknown as GlobalFlags, rest: [], problem: { flag: name, kind: "value" } };
      read[valued] = value;
    } else if (name === "--no-color") read["color"] = false;
    else if (NAMES[name] !== undefined) read[NAMES[name]] = true;
    else
      return { flags: read as unknown as GlobalFlags, rest: argv.slice(at), problem: { flag: name, kind: "unknown" } };
  }
  return { flags: read as unknown as GlobalFlags, rest: argv.slice(at) };
}
