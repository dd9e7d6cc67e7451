/**
 * A side question: asked over what the conversation holds at this moment, without tools, and written nowhere. A
 * run that is under way goes on and learns nothing of it.
 */
import { uuid } from "../../../base/ids.ts";
import { cut } from "../../../base/text.ts";
import type { Message } from "../../../contracts/message.ts";
import { NO_USAGE, textOf } from "../../../contracts/message.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { Principal } from "../../../contracts/principal.ts";
import { answerOf, thinkingFor } from "../../../models/index.ts";
import type { TurnRow } from "../../../store/index.ts";
import { mayUsePrograms } from "../_setup/programs.ts";
import { openPlace, setUp } from "../_setup/setup.ts";
import { bookSpent } from "../_record/spent.ts";
import { visibleText } from "../_reply/visible.ts";
import { errors } from "../errors.ts";
import type { RunDeps } from "../run.ts";

export interface Aside {
  readonly sessionKey: string;
  readonly agentId: string;
  readonly principal: Principal;
  readonly question: string;
  readonly signal: AbortSignal;
}

/** The answer may take a quarter of the window, and estimates err. */
const SHARE = 0.6;
const PER_TOKEN = 4;
const MAX_RESULT = 1500;
const INSTRUCTION =
  "The last message is a side question about this conversation. Answer it by itself, briefly and directly, from what you know and what stands here. You have no tools for it, and nothing of it will be remembered. Do not go on with the task of the conversation.";

/** The text of the answer. Throws `MODEL_FAILED`, `ASIDE_EMPTY`, and what keeps a run from being set up. */
export async function aside(deps: RunDeps, { question, signal, ...asked }: Aside): Promise<string> {
  const turn: TurnRow = {
    ...asked,
    id: uuid(deps.platform.random),
    text: question,
    options: { promptMode: "minimal" },
    state: "running",
    attempts: 1,
    createdAt: deps.platform.clock.now(),
  };
  const place = await openPlace(deps, turn);
  const setup = await setUp(deps, turn, place);
  const stored = await deps.contexts.load(place.ref);
  const talk = asTalk(stored.map(({ message }) => message));
  const asking: Message = { role: "user", content: question, timestamp: deps.platform.clock.now() };
  const outcome = await answerOf(deps.models, {
    candidates: setup.chain.again().candidates,
    config: setup.config,
    asks: (endpoint) => ({
      system: [...setup.system, { text: INSTRUCTION, stable: false }],
      messages: [...fitting(talk, endpoint), asking],
      ...setup.sampling,
      thinking: thinkingFor(endpoint.model, setup.thinking),
      cacheKey: setup.ref.sessionId,
      forOwner: mayUsePrograms(setup.act),
      idleMs: Math.min(120_000, setup.timeoutMs),
    }),
    signal,
  });
  if ("failure" in outcome) throw errors.MODEL_FAILED({ message: outcome.failure.message });
  const slash = outcome.model.indexOf("/");
  const used = { provider: outcome.model.slice(0, slash), model: outcome.model.slice(slash + 1), usage: outcome.usage };
  await bookSpent(deps, turn, { sessionId: setup.ref.sessionId, ...used });
  const text = visibleText(outcome.text).trim();
  if (text === "") throw errors.ASIDE_EMPTY();
  return text;
}

/** What was said, with tool calls as notes: providers refuse calls of tools that a request does not have. */
export function asTalk(messages: readonly Message[]): readonly Message[] {
  const talk: { role: "user" | "assistant"; text: string; message: Message }[] = [];
  for (const message of messages) {
    const role = message.role === "user" ? "user" : "assistant";
    const text = noteOf(message);
    if (text === "") continue;
    const last = talk.at(-1);
    if (last?.role === role) last.text += `\n\n${text}`;
    else talk.push({ role, text, message });
  }
  const first = talk.findIndex(({ role }) => role === "user");
  return (first < 0 ? [] : talk.slice(first)).map(({ role, text, message }) =>
    role === "user"
      ? { role, content: text, timestamp: message.timestamp }
      : assistant(text, message.role === "assistant" ? message : undefined, message.timestamp),
  );
}

function noteOf(message: Message): string {
  if (message.role === "toolResult") return `[Result of ${message.toolName}: ${cut(textOf(message), MAX_RESULT)}]`;
  const said = message.role === "assistant" ? visibleText(textOf(message)).trim() : textOf(message).trim();
  if (message.role === "user") return said;
  const calls = message.content.flatMap((part) => (part.type === "toolCall" ? [`[Used ${part.name}]`] : []));
  return [said, ...calls].filter((text) => text !== "").join("\n\n");
}

function assistant(text: string, of: Extract<Message, { role: "assistant" }> | undefined, timestamp: number): Message {
  const { api = "none", provider = "none", model = "none" } = of ?? {};
  return {
    role: "assistant",
    content: [{ type: "text", text }],
    timestamp,
    api,
    provider,
    model,
    usage: NO_USAGE,
    stopReason: "stop",
  };
}

/** The newest of it that leave room for the answer, from a user's message on. */
function fitting(talk: readonly Message[], { model }: Endpoint): readonly Message[] {
  let left = Math.floor(model.contextWindow * SHARE) * PER_TOKEN;
  let start = talk.length;
  for (let at = talk.length - 1; at >= 0; at -= 1) {
    left -= textOf(talk[at]!).length;
    if (left < 0) break;
    if (talk[at]?.role === "user") start = at;
  }
  return talk.slice(start);
}
