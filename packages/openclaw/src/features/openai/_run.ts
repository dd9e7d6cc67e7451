/**
 * A question becomes a turn like any other, from hop 6 on: durable before the client hears anything. When the
 * client goes away the run is stopped. A turn that a crash interrupted is finished by the next process, into the
 * transcript; nobody waits for it any more.
 */
import type { ImagePart, Message } from "../../contracts/message.ts";
import { ClientGone } from "../../contracts/route.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { errorText } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import { Models } from "../../models/index.ts";
import type { NewTurn, TurnOptions, TurnResult } from "../../store/index.ts";
import { Policy } from "../policy/index.ts";
import { Runs, offered } from "../runs/index.ts";
import type { RunEvent } from "../runs/index.ts";
import { Lanes, Sessions } from "../sessions/index.ts";
import type { LanesService } from "../sessions/index.ts";
import type { Ask } from "./_ask.ts";
import type { Target } from "./_target.ts";

/** For waits between attempts to reach a model, in all: a client waits at the other end, and may ask again by itself. */
const PATIENCE_MS = 15_000;
const LONGEST_MS = 24 * 3_600_000;

export interface Question {
  readonly runId: string;
  readonly ask: Ask;
  readonly target: Target;
  /** Visible text as it comes; pieces of different answers are a blank line apart. */
  readonly onText?: (delta: string) => void;
  /** A call of one of the client's tools, as the model writes it: its name first, then pieces of its arguments. */
  readonly onCall?: (piece: CallPiece) => void;
}

export interface CallPiece {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly delta?: string;
}

/** Resolves once the turn is durable. Throws when it cannot be run as asked. */
export async function start(call: RouteCall, question: Question): Promise<{ ended: Promise<TurnResult | undefined> }> {
  const { runId, ask, target } = question;
  const [lanes, sessions, runs] = await Promise.all([call.use(Lanes), call.use(Sessions), call.use(Runs)]);
  if (ask.tools.length > 0) await refuseTakenNames(call, question);
  const leave = question.onText ? runs.subscribe(listener(question), runId) : () => {};
  try {
    // Together they cost one write to the disk.
    await Promise.all([
      sessions.ensure(target.sessionKey, { address: target.address }),
      lanes.submit(turnOf(call, question), []),
    ]);
  } catch (error) {
    leave();
    throw error;
  }
  stopWhenGone(call, lanes, { sessionKey: target.sessionKey, runId });
  const ended = lanes.wait(runId, LONGEST_MS, call.signal).finally(leave);
  return { ended: ended.then((turn) => turn?.result) };
}

/** A gateway that stops is no client that leaves: the turn stays open for the next process. */
function stopWhenGone(
  { signal, caller, platform }: RouteCall,
  lanes: LanesService,
  what: { readonly sessionKey: string; readonly runId: string },
): void {
  const stop = (): void => {
    if (!(signal.reason instanceof ClientGone)) return;
    lanes.abort(what, caller.principal, "disconnect").catch((error: unknown) => {
      platform.log.for("openai").error("a run could not be stopped", { run: what.runId, error: errorText(error) });
    });
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
}

function turnOf(call: RouteCall, { runId, ask, target }: Question): NewTurn {
  const last = ask.messages.at(-1);
  const spoken = last?.role === "user" ? last : undefined;
  const before = spoken ? ask.messages.slice(0, -1) : ask.messages;
  const images = spoken ? imagesOf(spoken) : [];
  const options: TurnOptions = compact({
    apart: true as const,
    deliver: false,
    model: target.backend,
    anyModel: target.backend === undefined ? undefined : true,
    extraSystemPrompt: ask.system === "" ? undefined : ask.system,
    conversation: before.length === 0 ? undefined : before,
    clientTools: ask.tools.length === 0 ? undefined : ask.tools,
    toolChoice: ask.toolChoice,
    sampling: Object.keys(ask.sampling).length === 0 ? undefined : ask.sampling,
    patienceMs: PATIENCE_MS,
  });
  return {
    id: runId,
    agentId: target.agent.id,
    sessionKey: target.sessionKey,
    principal: call.caller.principal,
    text: spoken ? textOf(spoken) : "",
    options,
    createdAt: call.platform.clock.now(),
    ...(images.length === 0 ? {} : { images }),
  };
}

function imagesOf({ content }: Message): { data: string; mimeType: string }[] {
  if (typeof content === "string") return [];
  const images = content.filter((part): part is ImagePart => part.type === "image");
  return images.map(({ data, mimeType }) => ({ data, mimeType }));
}

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** The run would refuse it too, but then the client has its headers already. */
async function refuseTakenNames(call: RouteCall, { ask, target }: Question): Promise<void> {
  const [models, policy] = await Promise.all([call.use(Models), call.use(Policy)]);
  const ref = target.backend ?? models.defaultRef(call.config, target.agent.model.primary);
  const { provider, model } = await models.resolve(ref, call.config, {
    anyId: target.backend !== undefined,
    agentId: target.agent.id,
    // Whether its login pauses is for the run to say, which may have other models.
    despite: true,
  });
  const context = {
    config: call.config,
    agentId: target.agent.id,
    provider,
    model: model.id,
    sessionKey: target.sessionKey,
    principal: call.caller.principal,
  };
  offered(policy.toolset(context), ask.tools);
}

function listener({ onText, onCall }: Question): (event: RunEvent) => void {
  let any = false;
  return ({ stream, data }) => {
    if (stream === "call") return onCall?.(data as unknown as CallPiece);
    if (stream !== "assistant") return;
    const delta = String(data["delta"]);
    const begins = any && delta === data["text"];
    any = true;
    onText?.(begins ? `\n\n${delta}` : delta);
  };
}
