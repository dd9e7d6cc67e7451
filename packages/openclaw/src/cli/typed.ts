/** How this command is typed here, so that a command in a message can be copied. */
import type { Env } from "../base/env.ts";
import type { GlobalFlags } from "./globals.ts";

export interface TypedOptions {
  readonly flags: Pick<GlobalFlags, "dev" | "profile">;
  readonly env: Env;
  /** First words of all commands: only before these is `openclaw` a command. */
  readonly words: readonly string[];
}

/** Texts name commands as `openclaw status`; that becomes `npx openclaw --profile work status` where it was typed so. */
export function typedAs({ flags, env, words }: TypedOptions): (text: string) => string {
  const npx = env["npm_command"] === "exec" && env["npm_lifecycle_event"] === "npx" ? "npx " : "";
  const profile = flags.dev ? " --dev" : flags.profile === undefined ? "" : ` --profile ${flags.profile}`;
  if (npx === "" && profile === "") return (text) => text;
  return (text) =>
    text.replaceAll(COMMAND, (written, next: string) => {
      if (next !== "--" && !words.includes(next)) return written;
      return `${npx}openclaw${next === "--" ? "" : profile} `;
    });
}

/** Not part of a path, of another name, or of a command that is complete already. */
const COMMAND = /(?<![\w./-]|npx )openclaw (?=(--|[a-z][\w-]*))/g;
