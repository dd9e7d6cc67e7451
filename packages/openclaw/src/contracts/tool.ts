/** Tools: what an agent can do. Light data here; the work is loaded when first called. */
import type { Env } from "../base/env.ts";
import { isInside } from "../base/path.ts";
import type { Principal } from "./principal.ts";
import type { ReplyRoute } from "./envelope.ts";
import type { ImagePart, TextPart } from "./message.ts";
import type { ConfigSnapshot } from "./config.ts";
import type { Platform, Token, Use } from "./service.ts";
import type { Static, TSchema } from "./schema.ts";

/** What calling the tool does to the world. The gate judges by this. */
export type Effect = "read" | "write" | "exec" | "network" | "send" | "spend" | "config" | "secret" | "install";

export interface ToolResult {
  readonly content: readonly (TextPart | ImagePart)[];
  /** Structured outcome; never sent to the model, at most 64 KiB as JSON. */
  readonly details?: unknown;
  readonly isError?: boolean;
  /** The turn ends after this batch of calls: the model is not asked again (`sessions_yield`). */
  readonly endsTurn?: boolean;
}

/** What is about to happen, exactly, for the gate, the audit and the person who may be asked. */
export interface Preview {
  /** The one thing acted upon: an absolute path, a command line, an address. */
  readonly target: string;
  /** Everything needed to repeat it by hand: argv, cwd, host, bytes. Plain data. */
  readonly exact: Readonly<Record<string, unknown>>;
}

export interface ToolContext {
  readonly runId: string;
  readonly callId: string;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly principal: Principal;
  /** Where the answer of this turn goes; absent = nowhere but the transcript. */
  readonly replyTo?: ReplyRoute;
  /** `provider/model` that the turn began with. */
  readonly model: string;
  /** Variables that the skills of this run bring along, for child processes only. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the agent's workspace: the default directory. */
  readonly workspace: string;
  /** Whether file tools are confined to the workspace (`tools.fs.workspaceOnly`). */
  readonly confined: boolean;
  /** Folders outside of it that may be read all the same: those of the run's skills. Absolute. */
  readonly readable?: readonly string[];
  /** Aborts on stop, timeout and shutdown. A tool must end promptly. */
  readonly signal: AbortSignal;
  readonly platform: Platform;
  /** Services named in `uses`; any other token is refused. */
  readonly use: Use;
  /** Shows progress to clients that watch. Never throws, may be dropped. */
  readonly update: (partial: ToolResult) => void;
  /** Whether the model in use takes images. */
  readonly seesImages: boolean;
  /** Whether another tool is available to this agent in this run. */
  readonly hasTool: (name: string) => boolean;
}

export interface ToolBody<P> {
  /** What the call would do. Pure apart from resolving paths. Throws a Fault for arguments that make no sense. */
  preview(params: P, context: ToolContext): Preview | Promise<Preview>;
  /** Does it. A thrown error becomes an error result for the model; a Fault keeps its sentence. */
  run(params: P, context: ToolContext): Promise<ToolResult>;
}

export interface Tool<S extends TSchema = TSchema> {
  /** `[a-zA-Z0-9_-]{1,64}`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Policy group without the prefix: `fs`, `runtime`, `sessions`. */
  readonly group: string;
  readonly label: string;
  /** One line for the Tooling section of the system prompt. */
  readonly summary: string;
  /** For the model: what it does, when to use it, what comes back. */
  readonly description: string;
  readonly effect: Effect;
  readonly params: S;
  /** Other names that models use for a parameter, by that name: `{ file_path: "path" }`. */
  readonly paramAliases?: Readonly<Record<string, string>>;
  /** Services the body needs. */
  readonly uses?: readonly Token<unknown>[];
  /** Characters of a result's text that go to the model, for a tool that bounds and continues its results itself. Default 16,000. */
  readonly maxResultChars?: number;
  /** Must not run at the same time as another call of the same batch. */
  readonly serial?: boolean;
  /** Whether an agent has it at all under this configuration and with this model, whatever the policy says; absent = always. */
  readonly isFor?: (
    config: ConfigSnapshot,
    agentId: string,
    model: { readonly provider: string; readonly id: string; readonly seesImages?: boolean },
    /** Of the gateway, with what the configuration sets. */
    env?: Env,
  ) => boolean;
  readonly load: () => Promise<ToolBody<Static<S>>>;
}

export function defineTool<S extends TSchema>(tool: Tool<S>): Tool {
  return tool as unknown as Tool;
}

/** A result of one text. */
export function text(content: string, details?: unknown): ToolResult {
  return { content: [{ type: "text", text: content }], ...(details === undefined ? {} : { details }) };
}

/** The folder that a run may not leave when it reads this file; undefined when it may read everywhere. */
export function readRootOf(
  path: string,
  { confined, workspace, readable = [] }: Pick<ToolContext, "confined" | "workspace" | "readable">,
): string | undefined {
  return confined ? (readable.find((folder) => isInside(folder, path)) ?? workspace) : undefined;
}

/** The arguments of a call with the tool's own names; where both names are given, the tool's own holds. */
export function toolArguments(tool: Tool, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const aliases = tool.paramAliases ?? {};
  const named = Object.entries(given).filter(([name]) => !Object.hasOwn(aliases, name));
  const renamed = Object.entries(given).flatMap(([name, value]) =>
    Object.hasOwn(aliases, name) ? [[aliases[name] ?? name, value]] : [],
  );
  return Object.fromEntries([...renamed, ...named]);
}
