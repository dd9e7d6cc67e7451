/** Filters that only turn standard input into standard output, and the arguments that keep them so. */
import { basename, dirname } from "node:path";
import type { ExecGate, SafeBinProfile } from "./index.ts";

interface Profile {
  readonly positional: readonly [min: number, max: number];
  /** Flags without a value. */
  readonly flags: readonly string[];
  /** Flags with a value, attached or in the next word. */
  readonly valued: readonly string[];
  /** What a word that is no flag must not contain. */
  readonly never?: RegExp;
}

const words = (text: string) => text.split(" ");

const PROFILES: Readonly<Record<string, Profile>> = {
  cut: {
    positional: [0, 0],
    flags: words("-n -s -z --complement --only-delimited --zero-terminated"),
    valued: words("-b -c -d -f --bytes --characters --delimiter --fields --output-delimiter"),
  },
  uniq: {
    positional: [0, 0],
    flags: words("-c -d -D -i -u -z --count --repeated --ignore-case --unique --zero-terminated"),
    valued: words("-f -s -w --skip-fields --skip-chars --check-chars"),
  },
  head: { positional: [0, 0], flags: words("-q -v -z --quiet --verbose"), valued: words("-n -c --lines --bytes") },
  tail: { positional: [0, 0], flags: words("-q -v -z --quiet --verbose"), valued: words("-n -c --lines --bytes") },
  tr: { positional: [1, 2], flags: words("-c -C -d -s -t --complement --delete --squeeze-repeats"), valued: [] },
  wc: { positional: [0, 0], flags: words("-c -m -l -L -w --bytes --chars --lines --words"), valued: [] },
  grep: {
    positional: [0, 0],
    flags: words("-i -v -c -n -o -w -x -E -F -q -h --ignore-case --invert-match --count --only-matching"),
    valued: words("-e -m -A -B -C --regexp --max-count"),
  },
  sort: {
    positional: [0, 0],
    flags: words("-b -d -f -g -h -i -n -r -s -u -V -z --reverse --unique --numeric-sort"),
    valued: words("-k -t --key --field-separator"),
  },
  jq: {
    positional: [1, 1],
    flags: words("-c -r -j -s -n -e -S -M --compact-output --raw-output --slurp --null-input --sort-keys"),
    valued: [],
    never: /\b(?:env|ENV|import|include|input_filename|halt_error)\b/,
  },
};

/** Whether an argument vector is such a filter: listed, from a trusted folder, with harmless arguments. */
export function isSafeBin(argv: readonly string[], resolved: string | undefined, gate: ExecGate): boolean {
  const [name = "", ...args] = argv;
  if (resolved === undefined || name.includes("/") || !gate.safeBins.includes(name)) return false;
  const trusted = ["/bin", "/usr/bin", ...(gate.safeBinTrustedDirs ?? [])];
  if (basename(resolved) !== name || !trusted.includes(dirname(resolved))) return false;
  const own =
    gate.safeBinProfiles && Object.hasOwn(gate.safeBinProfiles, name) ? gate.safeBinProfiles[name] : undefined;
  if (own) return fits(args, fromConfig(own), new Set(own.deniedFlags));
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  return profile !== undefined && fits(args, profile, new Set());
}

function fromConfig(own: SafeBinProfile): Profile {
  return {
    positional: [own.minPositional ?? 0, own.maxPositional ?? 0],
    flags: [],
    valued: own.allowedValueFlags ?? [],
  };
}

function fits(args: readonly string[], profile: Profile, denied: ReadonlySet<string>): boolean {
  const positional: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("-") || arg === "-") positional.push(arg);
    else {
      const taken = flagLength(arg, profile, denied, args[at + 1]);
      if (taken === undefined) return false;
      at += taken - 1;
    }
  }
  const [min, max] = profile.positional;
  if (positional.length < min || positional.length > max) return false;
  return positional.every((word) => !looksLikePath(word) && !(profile.never?.test(word) ?? false));
}

/** How many words a flag takes, 1 or 2; undefined when it is not allowed. */
function flagLength(arg: string, profile: Profile, denied: ReadonlySet<string>, next: string | undefined) {
  const [name = "", value] = arg.startsWith("--") ? splitLong(arg) : [arg.slice(0, 2), arg.slice(2) || undefined];
  if (denied.has(name)) return undefined;
  if (profile.valued.includes(name)) {
    const given = value ?? next;
    if (given === undefined || looksLikePath(given)) return undefined;
    return value === undefined ? 2 : 1;
  }
  if (arg.startsWith("--")) return profile.flags.includes(arg) ? 1 : undefined;
  // `-5` of head and tail, or several short flags in one word.
  if (/^-\d+$/.test(arg) && profile.valued.includes("-n")) return 1;
  const flags = arg.slice(1).split("");
  return flags.every((flag) => profile.flags.includes(`-${flag}`)) ? 1 : undefined;
}

function splitLong(arg: string): [string, string | undefined] {
  const at = arg.indexOf("=");
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}

/** A delimiter may be a single slash or dot; anything longer with one could name a file. */
function looksLikePath(word: string): boolean {
  return word.length > 1 && (word.includes("/") || word.startsWith("~") || word.startsWith(".."));
}
