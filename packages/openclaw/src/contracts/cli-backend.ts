/** A program on this machine that answers in text, in place of a model's server. */

export type CliOutput = "json" | "jsonl" | "text";

/** How the program of one backend is called and understood. `{sessionId}` and `{prompt}` in arguments are replaced. */
export interface CliBackend {
  /** Path, or a name that is looked for in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** In place of `args` in a session that exists. */
  readonly resumeArgs?: readonly string[];
  readonly output: CliOutput;
  readonly resumeOutput?: CliOutput;
  readonly input: "arg" | "stdin";
  /** Longer messages come over standard input. */
  readonly maxPromptArgChars?: number;
  readonly modelArg?: string;
  readonly modelAliases?: Readonly<Record<string, string>>;
  readonly sessionArg?: string;
  readonly sessionArgs?: readonly string[];
  /** `always`: a new session gets an id from here; `existing`: the program names it; `none`: nothing is resumed. */
  readonly sessionMode: "always" | "existing" | "none";
  /** Fields of the output that name the session, first match first. */
  readonly sessionIdFields: readonly string[];
  readonly systemPromptArg?: string;
  readonly systemPromptFileArg?: string;
  readonly systemPromptWhen: "first" | "always" | "never";
  readonly imageArg?: string;
  readonly imageMode: "repeat" | "list";
  readonly env?: Readonly<Record<string, string>>;
  readonly clearEnv?: readonly string[];
  /** One call at a time. */
  readonly serialize: boolean;
  /** Added where the owner lets programs run without being asked; without it the program asks, and so does nothing. */
  readonly unattendedArgs?: readonly string[];
}
