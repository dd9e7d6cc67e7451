/** What is still to be said when a run ends. */
import type { AssistantMessage, ToolResultMessage } from "../../../contracts/message.ts";
import { formatAddress, type ReplyRoute } from "../../../contracts/envelope.ts";
import type { FailureClass } from "../../../contracts/model.ts";
import type { NewPost, TurnResult } from "../../../store/index.ts";
import { channelSetting } from "../../outbound/index.ts";
import type { FinishedRun } from "../_record/result.ts";
import type { RunDeps } from "../run.ts";
import { answered } from "./before.ts";
import { usageFooter } from "./footer.ts";
import type { Told, ToolFailed } from "./payloads.ts";
import { mayDeliver } from "./speaker.ts";

export interface Outcome {
  readonly result: TurnResult;
  readonly answers: readonly AssistantMessage[];
  readonly results: readonly ToolResultMessage[];
}

export async function replies(deps: RunDeps, run: FinishedRun, outcome: Outcome): Promise<readonly NewPost[]> {
  const { turn, speaker, place } = run;
  const { replyTo: route, options } = turn;
  const { result } = outcome;
  if (!route || options.deliver === false || options.silent === true) return [];
  if (!speaker) {
    // Web chat reads the transcript; a run that failed before it began has no answers.
    if (place && !mayDeliver(place, turn)) return [];
    const error = errorFor(deps, run, route, result);
    const texts = [...result.texts, ...(error === undefined ? [] : [`⚠️ ${error}`])];
    return deps.outbound.compose(texts, route, { keyPrefix: turn.id, turnId: turn.id, at: deps.platform.clock.now() });
  }
  const verbose = await speaker.verbose();
  return speaker.rest({
    answers: outcome.answers.map(answered),
    told: outcome.results.flatMap((message) => toldBy(message, route)),
    failures: run.ending.kind === "done" ? failuresOf(run, outcome.results) : [],
    error: errorFor(deps, run, route, result, verbose !== "off"),
    footer: usageFooter(place?.session.entry["responseUsage"], result),
  });
}

/** Tools whose last call failed. */
function failuresOf({ setup }: FinishedRun, results: readonly ToolResultMessage[]): ToolFailed[] {
  const last = new Map(results.map((message) => [message.toolName, message]));
  return [...last.values()].flatMap((message) => {
    if (!message.isError) return [];
    const effect = setup?.tools.find(({ name }) => name === message.toolName)?.effect;
    // What a command gives back is for the assistant to explain.
    const matters = effect !== undefined && effect !== "read" && effect !== "exec" && effect !== "network";
    return [{ name: message.toolName, reason: textOf(message), matters }];
  });
}

function textOf({ content }: ToolResultMessage): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

/** What a tool said to people at the place where the answer goes (`details.sent`). */
function toldBy({ details }: ToolResultMessage, { address }: ReplyRoute): Told[] {
  const sent = (details as { sent?: unknown } | undefined)?.sent;
  if (!Array.isArray(sent)) return [];
  return sent.filter((one: { address?: string }) => one.address === formatAddress(address)) as Told[];
}

/** Failures of the model's side, for people who have no use for its own words. */
const FOR_GUESTS: Partial<Record<FailureClass, string>> = {
  rate_limit: "The assistant has too much to do right now. Try again in a minute.",
  overloaded: "The assistant's model is overloaded right now. Try again in a minute.",
  timeout: "The assistant's model did not answer in time. Try again.",
  context_overflow: "This conversation is too long for the model. Start afresh with /new.",
};

/** Groups are not told of failures. Owners read what happened; others do so where verbose is on. */
function errorFor(
  deps: RunDeps,
  { turn, ending, place }: FinishedRun,
  route: ReplyRoute,
  { error }: TurnResult,
  verbose = false,
): string | undefined {
  if (error === undefined) return undefined;
  if (route.address.channel === "webchat") return error.message;
  const config = place?.config ?? deps.config.current();
  if (route.address.kind !== "direct" || channelSetting(config, route.address, "errorPolicy") === "silent")
    return undefined;
  if (turn.principal.role === "owner" || verbose) return error.message;
  const kind = ending.kind === "failed" ? ending.failure?.class : undefined;
  if (kind === undefined) return error.message;
  return FOR_GUESTS[kind] ?? "The assistant could not answer. Its owner finds the reason in the log.";
}
