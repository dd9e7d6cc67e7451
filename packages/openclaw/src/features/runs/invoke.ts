/**
 * Hop 8, the tool side: a batch of calls through the gate. Calls run side by side, `serial` ones one
 * after another; results come back in the order of the calls. Nothing here throws: whatever goes
 * wrong is a result that the model reads.
 */
import { Fault, errorText } from "../../base/errors.ts";
import { Serial } from "../../base/queue.ts";
import { elide } from "../../base/text.ts";
import type { ToolCallPart, ToolResultMessage } from "../../contracts/message.ts";
import { describeProblems, problems } from "../../contracts/schema.ts";
import type { Token, Use } from "../../contracts/service.ts";
import { toolArguments, type Tool, type ToolContext, type ToolResult } from "../../contracts/tool.ts";
import { withholding } from "./_calls/withheld.ts";
import type { LoopGuard } from "./_calls/loop.ts";
import { boundFiles } from "./_calls/bound-files.ts";
import { isDocumented } from "../policy/index.ts";
import { permit, type Permitting } from "./_calls/permit.ts";
import { errors } from "./errors.ts";

/** Characters of a result that go to the model and into the transcript, unless the settings say otherwise. */
const MAX_RESULT = 16_000;
const MAX_DETAILS = 64 * 1024;

export interface Batch extends Permitting {
  readonly calls: readonly ToolCallPart[];
  readonly tools: readonly Tool[];
  /** Everything of the tool context that is the same for all calls. */
  readonly context: Omit<ToolContext, "callId" | "update" | "use" | "hasTool">;
  readonly use: Use;
  readonly now: () => number;
  readonly onEvent: (data: Readonly<Record<string, unknown>>) => void;
  /** Makes pictures of a result fit the model. Never rejects. */
  readonly fitPictures?: (result: ToolResult) => Promise<ToolResult>;
  /** Notices calls that repeat without progress. */
  readonly loop?: LoopGuard;
  /** `contextLimits.toolResultMaxChars`; a tool that bounds its results itself has a limit of its own. */
  readonly maxResultChars?: number;
}

export interface Invoked {
  /** In the order of the calls. */
  readonly results: readonly ToolResultMessage[];
  /** A tool asked for the turn to end here. */
  readonly endsTurn: boolean;
  /** The run goes in circles and ends here. */
  readonly loops: boolean;
}

export async function invoke(batch: Batch): Promise<Invoked> {
  const line = new Serial();
  const outcomes = await Promise.all(
    batch.calls.map((call) => {
      const tool = findTool(batch.tools, call.name);
      return tool?.serial ? line.run(() => one(batch, call, tool)) : one(batch, call, tool);
    }),
  );
  return {
    results: outcomes.map(({ message }) => message),
    endsTurn: outcomes.some(({ endsTurn }) => endsTurn),
    loops: outcomes.some(({ loops }) => loops),
  };
}

export function findTool(tools: readonly Tool[], name: string): Tool | undefined {
  const wanted = name.toLowerCase();
  return tools.find(
    (tool) => tool.name.toLowerCase() === wanted || tool.aliases?.some((alias) => alias.toLowerCase() === wanted),
  );
}

async function one(
  batch: Batch,
  call: ToolCallPart,
  tool: Tool | undefined,
): Promise<{ message: ToolResultMessage; endsTurn: boolean; loops: boolean }> {
  batch.onEvent({ phase: "start", name: call.name, toolCallId: call.id, args: call.arguments });
  const name = tool?.name ?? call.name;
  const withhold = withholding(batch.context.env);
  const verdict = batch.loop?.before(name, call.arguments) ?? "go";
  const result =
    verdict === "go" ? withhold(await attempt(batch, call, tool)) : refused(errors.TOOL_LOOPS({ tool: name }));
  const plain = bounded(call, result, {
    timestamp: batch.now(),
    maxChars: tool?.maxResultChars ?? batch.maxResultChars ?? MAX_RESULT,
  });
  const message = verdict === "go" ? noted(plain, batch.loop?.after(name, call.arguments, plain)) : plain;
  batch.onEvent({
    phase: "result",
    name: call.name,
    toolCallId: call.id,
    isError: message.isError,
    result: { content: message.content, ...(message.details === undefined ? {} : { details: message.details }) },
  });
  return { message, endsTurn: result.endsTurn === true, loops: verdict === "stop" };
}

function noted(message: ToolResultMessage, note: string | undefined): ToolResultMessage {
  return note === undefined ? message : { ...message, content: [...message.content, { type: "text", text: note }] };
}

function refused(fault: Fault): ToolResult {
  return { content: [{ type: "text", text: told(fault) }], isError: true };
}

async function attempt(batch: Batch, call: ToolCallPart, tool: Tool | undefined): Promise<ToolResult> {
  try {
    const result = await perform(batch, call, tool);
    return (await batch.fitPictures?.(result)) ?? result;
  } catch (error) {
    return { content: [{ type: "text", text: sentence(error, batch.context.signal) }], isError: true };
  }
}

/** One call through the gate. Throws what kept it from being done. */
export async function perform(batch: Batch, call: ToolCallPart, tool: Tool | undefined): Promise<ToolResult> {
  if (!tool)
    throw isDocumented(call.name)
      ? errors.TOOL_NOT_HERE({ tool: call.name })
      : errors.TOOL_UNKNOWN({ tool: call.name });
  if (call.malformed !== undefined)
    throw errors.TOOL_ARGUMENTS({ tool: tool.name, problems: "the arguments are not a JSON object" });
  const args = toolArguments(tool, call.arguments);
  const wrong = problems(tool.params, args);
  if (wrong.length > 0) throw errors.TOOL_ARGUMENTS({ tool: tool.name, problems: describeProblems(wrong) });
  batch.context.signal.throwIfAborted();
  return judged(batch, { ...call, arguments: args }, tool);
}

async function judged(batch: Batch, call: ToolCallPart, tool: Tool): Promise<ToolResult> {
  const context: ToolContext = {
    ...batch.context,
    callId: call.id,
    update(partial) {
      const { content, details } = withholding(batch.context.env)(partial);
      const partialResult = { content, ...(details === undefined ? {} : { details }) };
      batch.onEvent({ phase: "update", name: call.name, toolCallId: call.id, partialResult });
    },
    use: restricted(batch.use, tool),
    hasTool: (name) => findTool(batch.tools, name) !== undefined,
  };
  const body = await tool.load();
  await permit(batch, {
    call,
    tool,
    look: () => body.preview(call.arguments, context),
    bind: (exact) => boundFiles(exact, context.platform.paths.home),
  });
  context.signal.throwIfAborted();
  return body.run(call.arguments, context);
}

/** A tool reaches only the services it named. */
function restricted(use: Use, tool: Tool): Use {
  const named = new Set((tool.uses ?? []).map((t) => t.name));
  return <T>(wanted: Token<T>) => {
    if (!named.has(wanted.name)) throw new Error(`the tool ${tool.name} does not name the service ${wanted.name}`);
    return use(wanted);
  };
}

function sentence(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "Stopped before it finished.";
  if (error instanceof Fault) return told(error);
  return errorText(error).split("\n")[0] ?? "The tool failed.";
}

/** What happened, and what to do: one sentence each. */
function told({ message, remedy }: Fault): string {
  if (remedy === "") return message;
  return `${/[.!?…]$/u.test(message) ? message : `${message}.`} ${remedy}`;
}

function bounded(
  call: ToolCallPart,
  result: ToolResult,
  { timestamp, maxChars }: { timestamp: number; maxChars: number },
): ToolResultMessage {
  const content = result.content.map((part) =>
    part.type === "text" && part.text.length > maxChars ? { ...part, text: elide(part.text, maxChars) } : part,
  );
  const details =
    result.details === undefined || JSON.stringify(result.details).length <= MAX_DETAILS
      ? result.details
      : { persistedDetailsTruncated: true };
  return {
    role: "toolResult",
    toolCallId: call.id,
    toolName: call.name,
    content: content.length === 0 ? [{ type: "text", text: "(no output)" }] : content,
    isError: result.isError ?? false,
    timestamp,
    ...(details === undefined ? {} : { details }),
  };
}
