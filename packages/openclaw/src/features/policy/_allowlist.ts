/** Which argument vectors the allow-list of an explicit host covers. */
import { escapePattern, userPattern } from "../../base/pattern.ts";
import { isSafeBin } from "./_safe-bins.ts";
import type { Act, ExecGate } from "./index.ts";

/** Programs that run whatever text they are given. */
const SHELLS = /^(?:sh|bash|zsh|dash|ksh|fish|ash|pwsh|powershell|cmd)(?:\.exe)?$/i;
/** Programs that run another program named in their arguments. */
const WRAPPERS = new Set(
  [
    "env nice ionice chrt taskset nohup stdbuf timeout time busybox toybox xargs parallel sudo doas su runuser pkexec",
    "setsid setpriv setarch linux32 linux64 chroot unshare nsenter bwrap fakeroot flock watch script strace ltrace gdb",
    "systemd-run start-stop-daemon dbus-run-session xvfb-run rlwrap expect unbuffer entr tmux screen ssh find fd fdfind",
  ].flatMap((line) => line.split(" ")),
);
/**
 * Programs that do whatever their arguments or the files of the folder say. A pattern of the owner may name them;
 * a yes to one command of theirs is no yes to all others.
 */
const INTERPRETERS =
  /^(?:python|pypy|node|bun|deno|tsx|ruby|irb|perl|php|lua|luajit|tclsh|wish|osascript|guile|julia|r|rscript|java|jshell|dotnet|go|cargo|npm|npx|pnpm|yarn|pip|uv|uvx|pipx|gem|bundle|rake|make|gmake|cmake|ninja|just|gradle|mvn|ant|[gmn]?awk|sed|git|tar|rsync|vim?|nvim|emacs|ed|ex|less|more|man|docker|podman|nerdctl|kubectl|ansible|psql|mysql|sqlite3|crontab|at|batch)(?:[\d.-]*)(?:\.exe)?$/i;
/** Interpreters with the flags that take program text. */
const INLINE: readonly (readonly [RegExp, RegExp])[] = [
  [/^python[\d.]*$/, /^-[a-zA-Z]*c/],
  [/^(?:node|bun|deno)$/, /^(?:-e|-p|-pe|--eval|--print|eval)/],
  [/^(?:ruby|lua|osascript)$/, /^-e/],
  [/^perl$/, /^-[a-zA-Z]*[eE]/],
  [/^php$/, /^-r/],
];

export interface Command {
  readonly argv: readonly string[];
  /** Real path of the program; absent when it was not found. */
  readonly resolved?: string;
  /** Names of variables that the call sets. */
  readonly env?: readonly string[];
}

/** Variables that change how a program speaks, not what it does; any other may make it run something else. */
const HARMLESS_VARIABLE =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CLICOLOR|COLUMNS|LINES|CI)$/;

/** Whether a call sets no variable through which it could do something else than its arguments say. */
export function setsNothing({ env = [] }: Command): boolean {
  return env.every((name) => HARMLESS_VARIABLE.test(name));
}

/** The command of an act, as far as its preview tells. */
export function commandOf({ preview }: Pick<Act, "preview">, argv: readonly string[] = []): Command {
  const { resolved, env } = preview.exact;
  const names = Array.isArray(env) ? env.map(String) : [];
  return { argv, env: names, ...(typeof resolved === "string" ? { resolved } : {}) };
}

/** Whether the vector runs text through an interpreter (`python -c …`). */
export function isInlineEval({ argv }: Command): boolean {
  const [program = "", ...args] = argv;
  const name = program.slice(program.lastIndexOf("/") + 1).toLowerCase();
  return INLINE.some(([programs, flags]) => programs.test(name) && args.some((arg) => flags.test(arg)));
}

/**
 * Whether the vector may run without asking: a safe filter, or a program whose real path fits a pattern.
 * Shells and programs that start other programs never match, whatever a pattern says: what they would
 * run is not in their path.
 */
export function isAllowlisted(command: Command, patterns: readonly string[], gate: ExecGate): boolean {
  const { argv, resolved } = command;
  const [program = ""] = argv;
  if (resolved === undefined) return false;
  if (!namesItsWork(resolved) || !setsNothing(command)) return false;
  if (isSafeBin(argv, resolved, gate)) return true;
  return patterns.some((pattern) => fitsPattern(pattern, { program, resolved }));
}

/** A pattern with a `/` is a glob on the real path; a bare name fits a program called by name. */
export function fitsPattern(pattern: string, { program, resolved }: { program: string; resolved: string }): boolean {
  if (pattern.includes("/")) return fitsGlob(pattern, resolved);
  return !program.includes("/") && pattern.toLowerCase() === program.toLowerCase();
}

/** Whether the path of a program says what it does: that of a shell or of a program that starts others does not. */
function namesItsWork(resolved: string): boolean {
  const name = resolved.slice(resolved.lastIndexOf("/") + 1);
  return !SHELLS.test(name) && !WRAPPERS.has(name.toLowerCase()) && !/^ld(?:-linux.*|-musl.*)?\.so/.test(name);
}

/** Whether one yes may cover every later call of the program. */
export function mayBeListed(resolved: string): boolean {
  return namesItsWork(resolved) && !INTERPRETERS.test(resolved.slice(resolved.lastIndexOf("/") + 1));
}

/** `*` within one folder, `**` across folders. Letter case is ignored. */
function fitsGlob(pattern: string, path: string): boolean {
  const parts = pattern.split("**").map((part) => part.split("*").map(escapePattern).join("[^/]*"));
  return userPattern(`/^${parts.join(".*")}$/i`)?.test(path) ?? false;
}
