/** The process environment as a value. The only file that reads it whole or builds one for a child. */

export type Env = Readonly<Record<string, string | undefined>>;

/** A snapshot of this process's environment. */
export function processEnv(): Env {
  return { ...process.env };
}

/** Variables that a child process may inherit; everything else must be passed on purpose. */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TERM",
  "COLORTERM",
  "TMPDIR",
  "TMP",
  "TEMP",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "SSH_AUTH_SOCK",
  "SystemRoot",
  "SYSTEMROOT",
  "ComSpec",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
] as const;

/** Variables a caller may never set for a child: they load code into it or change which program runs. */
const LOADERS =
  /^(?:LD_|DYLD_)|^(?:PATH|NODE_OPTIONS|BASH_ENV|ENV|PYTHONSTARTUP|PYTHONPATH|PERL5OPT|RUBYOPT|IFS|SHELLOPTS|PROMPT_COMMAND)$/i;

/** Environment for a child: the allow-list from `env`, then `extra`. */
export function childEnv(env: Env, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = env[name];
    if (value !== undefined) out[name] = value;
  }
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("LC_") && value !== undefined) out[name] = value;
  }
  return { ...out, ...extra };
}

/** Names in `requested` that must not be set by a caller, because they load code or redirect programs. */
export function forbiddenChildVariables(requested: Readonly<Record<string, string>>): string[] {
  return Object.keys(requested).filter((name) => LOADERS.test(name) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
}
