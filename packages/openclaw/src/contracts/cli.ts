/** CLI commands as light data; the body is loaded when the command runs. */
import type { ConfigSnapshot } from "./config.ts";
import type { Platform, Use } from "./service.ts";

export interface CliOption {
  /** As commander writes it: `--json`, `-m, --message <text>`, `--no-open`. */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string | number | boolean;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  readonly repeat?: boolean;
}

export interface CliArgument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
}

/** Which gateway a command asks, as `CliContext.call` reads it. */
export const GATEWAY_FLAGS: readonly CliOption[] = [
  { flags: "--url <ws>", summary: "Another gateway; needs --token or --password" },
  { flags: "--token <token>", summary: "Token of the gateway" },
  { flags: "--password <password>", summary: "Password of the gateway" },
  { flags: "--tls-fingerprint <sha256>", summary: "Certificate that a wss gateway must have" },
];

export interface CliContext {
  readonly platform: Platform;
  readonly args: readonly string[];
  /** Values by camel-cased option name, as commander gives them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Global flags after parsing. */
  readonly global: {
    readonly json: boolean;
    readonly verbose: boolean;
    readonly color: boolean;
    readonly logLevel?: string;
  };
  readonly out: CliOut;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** The validated configuration. Rejects with a Fault that lists every issue. */
  readonly config: () => Promise<ConfigSnapshot>;
  /**
   * Asks the gateway that flags (`--url`, `--token`, `--password`, `--timeout`), environment and configuration name.
   * Rejects with a Fault that says what to do when it is unreachable, and with the gateway's own error.
   */
  readonly call: (method: string, params: Readonly<Record<string, unknown>>, options: CliCall) => Promise<unknown>;
  /** Services over local data, for commands that work without a gateway. They end with the command. */
  readonly use: Use;
}

export interface CliCall {
  /** Only what the method needs. */
  readonly scopes: readonly string[];
  /** For the answer; default 10 s. */
  readonly timeoutMs?: number;
  /** Waits for the second answer of a method that acknowledges first (`agent`). */
  readonly final?: boolean;
}

export interface CliOut {
  /** One line on stdout. */
  line(text?: string): void;
  /** The one JSON document of `--json`. */
  json(value: unknown): void;
  /** Diagnostics on stderr, with commands as `named` writes them. */
  note(text: string): void;
  /** A text with the commands in it as they are typed here: `npx openclaw`, `openclaw --profile work`. */
  named(text: string): string;
  readonly tty: boolean;
  /** Colours; identity functions when colour is off. */
  readonly paint: Record<"bold" | "dim" | "accent" | "success" | "warn" | "error", (text: string) => string>;
}

export interface CliCommand {
  /** Words of the command: `status`, `config get`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly args?: readonly CliArgument[];
  readonly options?: readonly CliOption[];
  /** `none`: local · `needs`: a reachable gateway · `tries`: asks it, falls back to local data. */
  readonly gateway: "none" | "needs" | "tries";
  readonly json?: boolean;
  readonly hidden?: boolean;
  /** Runs although the configuration is invalid. */
  readonly diagnostic?: boolean;
  readonly examples?: readonly string[];
  readonly load: () => Promise<{ run(context: CliContext): Promise<number | void> }>;
}

export function defineCli(command: CliCommand): CliCommand {
  return command;
}
