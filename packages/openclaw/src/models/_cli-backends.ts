/** Programs that answer in place of a server: those that are known, and what the operator says of them. */
import type { CliBackend } from "../contracts/cli-backend.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { ModelRow } from "../contracts/model.ts";
import { compact } from "../base/text.ts";
import { DEFAULT_CONTEXT, DEFAULT_MAX_TOKENS } from "./config.ts";

const PLAIN = {
  args: [],
  output: "json",
  input: "arg",
  sessionIdFields: ["session_id", "sessionId", "conversation_id", "conversationId", "thread_id"],
  systemPromptWhen: "first",
  imageMode: "repeat",
  serialize: true,
  sessionMode: "existing",
} as const;

/** Longest message that is given as an argument: Linux takes 128 KiB in one. */
const LONGEST_ARGUMENT = 30_000;

const QUIET_CODEX = ["--color", "never", "--sandbox", "read-only", "--skip-git-repo-check"];

const KNOWN: Readonly<Record<string, CliBackend>> = {
  "claude-cli": {
    ...PLAIN,
    command: "claude",
    args: ["-p", "--output-format", "json"],
    resumeArgs: ["-p", "--output-format", "json", "--resume", "{sessionId}"],
    unattendedArgs: ["--dangerously-skip-permissions"],
    modelArg: "--model",
    modelAliases: {
      "opus-4.6": "opus",
      "opus-4.5": "opus",
      "claude-opus-4-6": "opus",
      "sonnet-4.5": "sonnet",
      "claude-sonnet-4-5": "sonnet",
      "haiku-4.5": "haiku",
      "claude-haiku-4-5": "haiku",
    },
    systemPromptArg: "--append-system-prompt",
    sessionArg: "--session-id",
    sessionMode: "always",
  },
  "codex-cli": {
    ...PLAIN,
    command: "codex",
    args: ["exec", "--json", ...QUIET_CODEX],
    resumeArgs: ["exec", "resume", "{sessionId}", ...QUIET_CODEX],
    output: "jsonl",
    resumeOutput: "text",
    modelArg: "--model",
    imageArg: "--image",
  },
  "google-gemini-cli": {
    ...PLAIN,
    command: "gemini",
    args: ["--output-format", "json", "--prompt", "{prompt}"],
    resumeArgs: ["--output-format", "json", "--resume", "{sessionId}", "--prompt", "{prompt}"],
    modelArg: "--model",
  },
};

type Entry = Partial<CliBackend>;

function entriesOf(config: ConfigSnapshot): Readonly<Record<string, Entry>> {
  return (config.at("agents.defaults.cliBackends") as Record<string, Entry> | undefined) ?? {};
}

/** Ids of the backends that the operator has an entry for. */
export function cliBackendIds(config: ConfigSnapshot): string[] {
  return Object.keys(entriesOf(config));
}

/**
 * Undefined for an id that is neither known nor configured, and for one without a program. Arguments that the operator
 * writes are used as they are, with all they allow.
 */
export function cliBackendOf(id: string, config: ConfigSnapshot): CliBackend | undefined {
  const entries = entriesOf(config);
  const entry = Object.hasOwn(entries, id) ? entries[id] : undefined;
  const known = Object.hasOwn(KNOWN, id) ? KNOWN[id] : undefined;
  const command = entry?.command ?? known?.command;
  if (command === undefined) return undefined;
  const ownArguments = entry?.args !== undefined || entry?.resumeArgs !== undefined;
  const sessionMode = entry?.sessionArg !== undefined || entry?.sessionArgs !== undefined ? "always" : "existing";
  return compact({
    ...(known ?? { ...PLAIN, sessionMode }),
    ...entry,
    command,
    maxPromptArgChars: entry?.maxPromptArgChars ?? LONGEST_ARGUMENT,
    unattendedArgs: ownArguments ? undefined : known?.unattendedArgs,
  });
}

/** What is known of a model behind a program: nothing but its name. The gateway's tools are off. */
export function cliRow(id: string): ModelRow {
  return {
    id,
    name: id,
    reasoning: false,
    input: ["text", "image"],
    contextWindow: DEFAULT_CONTEXT,
    maxTokens: DEFAULT_MAX_TOKENS,
    compat: { supportsTools: false },
  };
}
