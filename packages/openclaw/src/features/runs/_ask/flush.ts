/**
 * Notes before a compaction: one silent turn beside the conversation in which the assistant writes down what is
 * worth keeping. It sees the conversation, may read and write in the workspace and nothing else, and nothing of it
 * is delivered, shown or kept in the transcript; what it used is in the books. A crash in the middle repeats it.
 */
import type { AssistantMessage, Message, UserMessage } from "../../../contracts/message.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { Tool } from "../../../contracts/tool.ts";
import { Chain } from "../../../models/index.ts";
import { compactionOf } from "../../context/index.ts";
import type { Conversation, View } from "../../context/index.ts";
import { isSandboxed } from "../../policy/index.ts";
import { callModel } from "./call.ts";
import { RunEmitter } from "../_record/emitter.ts";
import type { RoomFor } from "./room.ts";
import type { RunSetup } from "../_setup/setup.ts";
import { bookSpent } from "../_record/spent.ts";
import { toolCalls } from "../_record/write.ts";
import { invoke } from "../invoke.ts";
import type { RunDeps } from "../run.ts";

const SILENT = "NO_REPLY";
const MAX_STEPS = 8;
const LONGEST_MS = 180_000;
const WRITES: ReadonlySet<string> = new Set(["write", "edit", "apply_patch"]);

/** Once in the time between two compactions, where the workspace can be written to. */
export async function isDue(deps: RunDeps, { turn, setup }: RoomFor, conversation: Conversation): Promise<boolean> {
  const { memoryFlush } = compactionOf(setup.config);
  const { options, principal } = turn;
  if (!memoryFlush.enabled || options.silent || options.promptMode === "minimal" || options.wake !== undefined)
    return false;
  if (principal.role !== "owner" || !setup.tools.some(({ name }) => WRITES.has(name))) return false;
  if (isSandboxed(setup.config, setup.agent.id, turn.sessionKey) && !isWritable(setup)) return false;
  const row = await deps.sessions.get(turn.sessionKey);
  return row?.entry["memoryFlushCompactionCount"] !== conversation.compactions;
}

/** In a sandbox: only with the workspace itself. */
function isWritable({ config }: RunSetup): boolean {
  return config.at("agents.defaults.sandbox.workspaceAccess") === "rw";
}

export async function flush(deps: RunDeps, room: RoomFor, conversation: Conversation): Promise<void> {
  const { turn, setup, emitter, signal } = room;
  const { memoryFlush } = compactionOf(setup.config);
  const late = AbortSignal.any([signal, timeout(deps)]);
  const quiet = new RunEmitter(turn, { clock: deps.platform.clock, publish: () => {}, facts: emitter.facts });
  const chain = memoryFlush.model === undefined ? setup.chain.again() : only(deps, setup, memoryFlush.model);
  const system = [...setup.system, { text: memoryFlush.systemPrompt ?? SYSTEM_PROMPT, stable: false }];
  const own: RunSetup = { ...setup, chain, system };
  const said: Message[] = [request(deps, memoryFlush.prompt)];
  const view = (endpoint: Endpoint): Promise<View> =>
    deps.context.views.view({
      conversation,
      messages: [...conversation.stored.map(({ message }) => message), ...said],
      sessionKey: turn.sessionKey,
      config: setup.config,
      endpoint,
      thinking: setup.thinking,
      system,
      schemas: setup.schemas,
      now: deps.platform.clock.now(),
    });
  for (let step = 0; step < MAX_STEPS && !late.aborted; step += 1) {
    const outcome = await callModel(
      { models: deps.models, clock: deps.platform.clock, emitter: quiet, signal: late },
      own,
      view,
    );
    if (!("message" in outcome)) throw new Error(outcome.failure.message);
    const { provider, model, usage } = outcome.message;
    await bookSpent(deps, turn, { sessionId: conversation.ref.sessionId, provider, model, usage });
    said.push(outcome.message);
    if (toolCalls(outcome.message).length === 0) return;
    said.push(...(await results(deps, room, { answer: outcome.message, signal: late })));
  }
}

/** A model that is named for it stands alone. */
function only(deps: RunDeps, { config, agent }: RunSetup, ref: string): Chain {
  const open = () => deps.models.resolve(ref, config, { agentId: agent.id });
  return new Chain(deps.models, [{ ref, open }], config);
}

async function results(
  deps: RunDeps,
  { turn, setup }: RoomFor,
  { answer, signal }: { readonly answer: AssistantMessage; readonly signal: AbortSignal },
): Promise<readonly Message[]> {
  const tools = setup.tools.filter(isQuiet);
  const { results: told } = await invoke({
    calls: toolCalls(answer),
    tools,
    policy: deps.policy,
    act: { ...setup.act, tools: new Set(tools.map(({ name }) => name)) },
    context: {
      runId: turn.id,
      sessionKey: turn.sessionKey,
      agentId: setup.agent.id,
      principal: turn.principal,
      model: setup.modelRef,
      env: {},
      workspace: setup.agent.workspace,
      confined: setup.confined,
      signal,
      platform: deps.platform,
      seesImages: false,
    },
    use: deps.use,
    now: () => deps.platform.clock.now(),
    onEvent: () => {},
  });
  return told;
}

/** Nothing leaves the workspace. */
function isQuiet({ effect }: Tool): boolean {
  return effect === "read" || effect === "write";
}

function timeout({ platform }: RunDeps): AbortSignal {
  const controller = new AbortController();
  platform.clock.timer(LONGEST_MS, () => controller.abort(new Error("the notes took too long")));
  return controller.signal;
}

function request({ platform }: RunDeps, prompt: string | undefined): UserMessage {
  const now = platform.clock.now();
  const today = new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return { role: "user", content: prompt ?? PROMPT.replaceAll("{today}", today), timestamp: now };
}

const PROMPT = [
  "Before the conversation is summarised: write down what is worth knowing in later conversations and stands in no file yet",
  "(decisions, wishes, facts about people and projects, promises, open ends).",
  "Add it to memory/{today}.md without changing what stands there; make the file when it is missing.",
  `Then answer ${SILENT}. If there is nothing to write down, answer ${SILENT} at once.`,
].join(" ");

const SYSTEM_PROMPT = [
  "## Notes before a summary",
  "",
  "The conversation is close to the end of its window and will be summarised. This turn is silent: nobody reads what you",
  "say in it. Read and write files only; do not go on with the task and do not answer the person.",
  `End with ${SILENT}.`,
].join("\n");
