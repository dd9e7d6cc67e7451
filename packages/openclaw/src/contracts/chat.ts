/**
 * Slash commands: what the core answers without a model. Declared once; the parser, `/help`, the menus of chat
 * networks, `commands.list` and the reference are made from it.
 */
import type { Address, Sender } from "./envelope.ts";
import type { Principal } from "./principal.ts";
import type { Platform, Use } from "./service.ts";

/**
 * `authorized`: everybody who may talk · `member`: whoever is known here, not guests · `owner` · `elevated`: listed
 * in `tools.elevated.allowFrom`.
 */
export type ChatLevel = "authorized" | "member" | "owner" | "elevated";

export type ChatCategory = "session" | "options" | "status" | "management" | "media" | "tools" | "docks";

export interface ChatChoice {
  /** As it is typed. */
  readonly value: string;
  readonly label: string;
}

/** What choices may depend on. */
export interface ChoiceContext {
  readonly use: Use;
  readonly platform: Platform;
  readonly agentId: string;
  /** Absent where nobody talks yet, such as in a menu for all. */
  readonly sessionKey?: string;
}

export interface ChatArg {
  readonly name: string;
  readonly description: string;
  /** Default `string`. */
  readonly type?: "string" | "number" | "boolean";
  readonly required?: boolean;
  /** Everything it may be, or what is worth offering. A function is asked only when somebody looks. */
  readonly choices?: readonly (string | ChatChoice)[] | ((context: ChoiceContext) => Promise<readonly ChatChoice[]>);
  /** Takes all that is left, blanks included. */
  readonly captureRemaining?: true;
}

export interface ChatCommandCall {
  readonly use: Use;
  readonly platform: Platform;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly principal: Principal;
  readonly address: Address;
  readonly from: Sender;
  /** Spellings of the sender for allow-lists, normalised as the channel does. */
  readonly senderKeys: readonly string[];
  /** Names the message; for web chat also the run that its sender waits for. */
  readonly requestId: string;
  /** What follows the command, trimmed. */
  readonly rest: string;
  /** As it was typed, lower case: tells an alias from the name. */
  readonly typed: string;
  /** Aborts when the gateway stops. */
  readonly signal: AbortSignal;
  /**
   * Sends a file of a folder of the gateway to where the command came from: once, also when the command is run again
   * after a crash. Absent where files cannot go.
   */
  readonly sendFile?: (path: string, options: { readonly asVoice: boolean }) => Promise<void>;
}

export interface ChatOutcome {
  /** Markdown; without it nothing is said. */
  readonly reply?: string;
  /** Starts a turn with this text instead of ending here. */
  readonly turn?: string;
  /** Options of that turn. */
  readonly options?: TurnWishes;
  /** It is no part of the conversation: clients of the gateway get it as `chat.side_result` instead of as an answer. */
  readonly aside?: { readonly question: string; readonly text: string };
  /** What can be answered with a tap: rows of messages as if they were typed. */
  readonly choices?: readonly (readonly ChatChoice[])[];
}

/** What directives change for one turn. */
export interface TurnWishes {
  readonly thinking?: string;
  readonly model?: string;
  readonly queue?: string;
  /** Fields of the session's row that hold for this turn only. */
  readonly preferences?: Readonly<Record<string, unknown>>;
}

/**
 * What of a text belongs to a command: one of these words (in any case; blanks, `-` and `_` are the same), or what a
 * pattern anchored with `^` matches. No match = nothing.
 */
export type Taken = RegExp | readonly string[];

/** A command that may also stand inside a message, for that message only; alone it is kept for the session. */
export interface Directive {
  /** Its argument at the beginning of what follows the name. */
  readonly takes: Taken;
  /**
   * What it changes for that turn. Undefined = it was no directive: the text stays as it is written. Throws a
   * Fault when the message must not run like this; its sentence is the reply.
   */
  readonly forTurn: (call: ChatCommandCall) => Promise<TurnWishes | undefined>;
}

export interface ChatCommand {
  /** Without the slash. `-` and `_` are the same when it is typed. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly category: ChatCategory;
  /** In their order; a text is a hint at what may follow. */
  readonly args?: string | readonly ChatArg[];
  /** Default `authorized`. */
  readonly level?: ChatLevel;
  /** Key of `commands` that must be true: while it is not, the command is not listed and says so when it is used. */
  readonly flag?: "bash" | "config" | "debug" | "restart" | "mcp" | "plugins";
  readonly directive?: Directive;
  /** Inside a message it is answered at once and taken out; the rest goes on. */
  readonly inline?: true;
  /** What of the text after an `inline` command belongs to it. */
  readonly takes?: Taken;
  /** Asks a model or takes long otherwise: what is written meanwhile does not wait for it. */
  readonly slow?: true;
  /** `false`: text only. Else its name in the menus of networks where it has another one. */
  readonly native?: false | Readonly<Record<string, string>>;
  run(call: ChatCommandCall): Promise<ChatOutcome | undefined>;
}

/** A command that only exists under this configuration: of a skill or a plugin. */
export interface DynamicCommand extends ChatCommand {
  readonly source: "skill" | "plugin";
}

export function defineChat(command: ChatCommand): ChatCommand {
  return command;
}

/** Its arguments as they are typed: `<id> allow-once|deny [note]`. */
export function usageOf({ args }: Pick<ChatCommand, "args">): string | undefined {
  if (args === undefined || typeof args === "string") return args;
  const shown = args.map(({ name, required, choices }) => {
    const fixed = Array.isArray(choices) ? choices.map((one) => (typeof one === "string" ? one : one.value)) : [];
    const word = fixed.length > 0 && fixed.length <= 8 ? fixed.join("|") : name;
    return required === true ? (word === name ? `<${name}>` : word) : `[${word}]`;
  });
  return shown.length === 0 ? undefined : shown.join(" ");
}
