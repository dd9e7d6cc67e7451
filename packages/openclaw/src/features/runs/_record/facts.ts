/**
 * The facts of one run, for whoever wants to know later what happened and why. Metadata only: what was said
 * stands in the transcript, the prompt is kept once under its hash. A request of the model can be put together
 * again from them: prompt, schemas and parameters by hash, the messages by the digest that they had.
 */
import { sha256 } from "../../../base/ids.ts";
import type { Clock } from "../../../base/time.ts";
import { compact } from "../../../base/text.ts";
import type { Message } from "../../../contracts/message.ts";
import type { Attempt } from "../../../models/index.ts";
import type { ModelFailure, ModelRequest } from "../../../contracts/model.ts";
import type { RunEvents, RunFactKind, TurnRow } from "../../../store/index.ts";

/** How one call of a model went. */
export interface CallFact {
  readonly request: ModelRequest;
  readonly startedAt: number;
  /** Until the first piece of text, thinking or a call came. */
  readonly firstAt: number | undefined;
  readonly outcome:
    | { readonly message: { readonly stopReason: string; readonly responseId?: string; readonly usage: unknown } }
    | { readonly failure: ModelFailure };
}

export class RunFacts {
  readonly #store: RunEvents;
  readonly #clock: Clock;
  readonly #of: { readonly runId: string; readonly sessionKey: string; readonly agentId: string };
  readonly #tools = new Map<string, number>();
  #prompt = "";

  constructor(store: RunEvents, clock: Clock, turn: Pick<TurnRow, "id" | "sessionKey" | "agentId">) {
    this.#store = store;
    this.#clock = clock;
    this.#of = { runId: turn.id, sessionKey: turn.sessionKey, agentId: turn.agentId };
  }

  /** Never throws: a run does not fail for want of a record. */
  record(kind: RunFactKind, data: Readonly<Record<string, unknown>>): void {
    this.#store.record({ ...this.#of, kind, at: this.#clock.now(), data });
  }

  model({ request, startedAt, firstAt, outcome }: CallFact): void {
    this.#promptOf(request);
    const { endpoint, messages } = request;
    const failure = "failure" in outcome ? outcome.failure : undefined;
    const message = "message" in outcome ? outcome.message : undefined;
    this.record(
      "model",
      compact({
        provider: endpoint.provider,
        model: endpoint.model.id,
        profileId: endpoint.login?.id,
        api: endpoint.api,
        thinking: request.thinking,
        messages: messages.length,
        digest: digestOf(messages),
        ms: this.#clock.now() - startedAt,
        firstMs: firstAt === undefined ? undefined : firstAt - startedAt,
        stopReason: message?.stopReason,
        responseId: message?.responseId,
        usage: message?.usage,
        failure: failure && failureFact(failure),
      }),
    );
  }

  /** A model that could not even be called. */
  passed({ provider, model, reason, code, message, until }: Attempt): void {
    this.record("model", { provider, model, ms: 0, failure: compact({ class: reason, code, message, until }) });
  }

  /** A tool event as surfaces see it. */
  tool(event: Readonly<Record<string, unknown>>): void {
    const callId = String(event["toolCallId"]);
    if (event["phase"] === "start") this.#tools.set(callId, this.#clock.now());
    if (event["phase"] !== "result") return;
    const startedAt = this.#tools.get(callId) ?? this.#clock.now();
    this.#tools.delete(callId);
    const { content } = event["result"] as { content: readonly { readonly text?: string }[] };
    this.record("tool", {
      name: event["name"],
      callId,
      ms: this.#clock.now() - startedAt,
      isError: event["isError"] === true,
      chars: content.reduce((sum, part) => sum + (part.text?.length ?? 0), 0),
    });
  }

  /** Said once for the calls that share it. */
  #promptOf({ system, tools, cacheRetention, ...request }: ModelRequest): void {
    const parts = system.map((block) => ({
      hash: this.#keep(block, block.text),
      stable: block.stable,
      chars: block.text.length,
    }));
    const schemas = schemaText(tools);
    const data = compact({
      system: parts,
      tools: { hash: this.#keep(tools, schemas), count: tools.length, chars: schemas.length },
      cacheRetention,
      toolChoice: request.toolChoice,
      temperature: request.temperature,
      maxTokens: request.maxTokens,
    });
    const said = JSON.stringify(data);
    if (said === this.#prompt) return;
    this.#prompt = said;
    this.record("prompt", data);
  }

  /** `of`: whose text it is, by which its hash is known again. */
  #keep(of: object, text: string): string {
    let hash = hashes.get(of);
    if (hash === undefined) hashes.set(of, (hash = hashOf(text)));
    this.#store.keepBody(hash, text);
    return hash;
  }
}

/** By message: the digest of everything before it, and with it. */
const digests = new WeakMap<Message, { readonly before: string; readonly digest: string }>();
const hashes = new WeakMap<object, string>();
const schemaTexts = new WeakMap<object, string>();

/** Chained, so that a conversation that grew costs only what is new. */
function digestOf(messages: readonly Message[]): string {
  let digest = "";
  for (const message of messages) {
    const before = digest;
    const known = digests.get(message);
    digest = known?.before === before ? known.digest : hashOf(before + JSON.stringify(message));
    if (known?.digest !== digest) digests.set(message, { before, digest });
  }
  return digest;
}

function failureFact({ class: kind, status, code, message }: ModelFailure): object {
  return compact({ class: kind, status, code, message });
}

function schemaText(tools: ModelRequest["tools"]): string {
  let text = schemaTexts.get(tools);
  if (text === undefined) schemaTexts.set(tools, (text = JSON.stringify(tools)));
  return text;
}

function hashOf(text: string): string {
  return sha256(text).slice(0, 32);
}
