/** The prompt of a run: what the conversation, its channel and its model have to say about it. */
import { addressKind } from "../../../base/address.ts";
import { errorText } from "../../../base/errors.ts";
import { compact } from "../../../base/text.ts";
import { isOwners } from "../../../contracts/principal.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Message } from "../../../contracts/message.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { Tool } from "../../../contracts/tool.ts";
import { Vendors } from "../../../models/index.ts";
import type { SessionRow, TurnRow } from "../../../store/index.ts";
import type { Prompt, PromptRequest } from "../../agents/index.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import type { StoredMessage } from "../../context/index.ts";
import { Memory } from "../../memory/index.ts";
import { mainKey, parseKey, sessionSection } from "../../sessions/index.ts";
import { speechMode } from "../../voice/index.ts";
import type { Place } from "./setup.ts";
import type { RunDeps } from "../run.ts";

export interface PromptWishes {
  readonly place: Place;
  readonly endpoint: Endpoint;
  readonly tools: readonly Tool[];
  readonly thinking: string;
  /** Where it works; absent = in the workspace. */
  readonly folder?: string | undefined;
  readonly skills?: string | undefined;
  /** Tokens for the prompt with its tool schemas. */
  readonly budget?: number | undefined;
  /** Absent: nobody asked; what a turn would be told now. */
  readonly turn?: Pick<TurnRow, "id" | "options" | "replyTo"> & { readonly principal?: Principal };
}

export async function promptFor(deps: RunDeps, wishes: PromptWishes): Promise<Prompt> {
  const { place, endpoint, tools, thinking, skills, budget, turn } = wishes;
  const { agent, config, session } = place;
  const { stored, compaction } = await deps.contexts.open(place.ref);
  const continuation = compaction !== undefined || hasAnswered(stored, turn?.id);
  const wake = turn?.options.wake;
  if (turn !== undefined && stored.every(({ runId }) => runId === turn.id)) lookAtNotes(deps, agent.id);
  return deps.agents.prompt(
    compact<{ [K in keyof PromptRequest]: PromptRequest[K] | undefined }>({
      agent,
      config,
      sessionKey: session.key,
      folder: wishes.folder,
      isMain:
        (turn?.principal === undefined || isOwners(turn.principal)) &&
        session.key === mainKey(agent.id, config.section(sessionSection).mainKey),
      tools,
      modelRef: `${endpoint.provider}/${endpoint.model.id}`,
      localModel: (await isLocal(deps, endpoint)) ? true : undefined,
      thinking,
      reasoning: session.entry.reasoningLevel,
      extra: turn?.options.extraSystemPrompt,
      mode: turn?.options.promptMode ?? (isHelper(session.key) ? "minimal" : undefined),
      skills,
      fresh: wake !== undefined || stored.some(({ runId }) => runId !== turn?.id) ? undefined : begunBy(session),
      continuation: wake === undefined ? continuation : undefined,
      replyTo: turn?.replyTo,
      channel: await channelOf(deps, place, turn, tools),
      group: groupOf(session, config),
      budget,
    }) as PromptRequest,
  );
}

/** Puts what is told in this turn only before the words that began it. */
export function withPreamble(
  stored: readonly StoredMessage[],
  runId: string,
  preamble: string | undefined,
): readonly Message[] {
  if (preamble === undefined) return stored.map(({ message }) => message);
  const at = stored.findIndex((one) => one.runId === runId && one.message.role === "user");
  return stored.map(({ message }, i) => {
    if (i !== at || message.role !== "user") return message;
    const { content } = message;
    return typeof content === "string"
      ? { ...message, content: `${preamble}\n\n${content}` }
      : { ...message, content: [{ type: "text", text: preamble }, ...content] };
  });
}

/** At the beginning of a session, where memory is in use. Nothing waits for it. */
function lookAtNotes({ use, log }: RunDeps, agentId: string): void {
  use(Memory)
    .then((memory) => memory.touch(agentId))
    .catch((error: unknown) => log.warn("the notes could not be looked at", { error: errorText(error) }));
}

/** Whether the model has answered here before this turn. */
function hasAnswered(stored: readonly StoredMessage[], runId: string | undefined): boolean {
  return stored.some(
    (one) => one.runId !== runId && one.message.role === "assistant" && one.message.stopReason === "stop",
  );
}

function begunBy({ entry }: SessionRow): "new" | "reset" | undefined {
  const by = entry["startedBy"];
  return by === "new" || by === "reset" ? by : undefined;
}

/** Whoever writes to a helper talks to a helper. */
function isHelper(key: string): boolean {
  return parseKey(key)?.rest.startsWith("subagent:") === true;
}

/** A model server on this machine, or in its network, that is known as one: a proxy there may lead anywhere. */
async function isLocal(deps: RunDeps, { provider, baseUrl }: Endpoint): Promise<boolean> {
  if (!URL.canParse(baseUrl)) return false;
  const { hostname } = new URL(baseUrl);
  const kind = addressKind(hostname.replace(/^\[|\]$/g, ""));
  if (hostname !== "localhost" && kind !== "loopback" && kind !== "private") return false;
  return (
    provider === "local" || (await deps.use(Vendors)).some(({ id, local }) => id === provider && local !== undefined)
  );
}

async function channelOf(
  deps: RunDeps,
  { agent, config, session }: Place,
  turn: PromptWishes["turn"],
  tools: readonly Tool[],
): Promise<PromptRequest["channel"]> {
  const route = turn?.replyTo;
  const found = route && deps.outbound.known(route.address.channel, route.address.account);
  if (!route || !found) return undefined;
  const { channel, account } = route.address;
  const level = config.at(`channels.${channel}.reactionLevel`);
  const reacts = tools.some(({ name }) => name === "message") && (level === "minimal" || level === "extensive");
  const mode = { ...session.entry, ...turn.options.preferences }["ttsAuto"];
  const speech = found.channel.capabilities.media
    ? await speechMode(deps.platform, config, { agentId: agent.id, channel, account, mode })
    : "off";
  return {
    replyTags: route.replyTo !== undefined,
    ...(reacts ? { reactions: level } : {}),
    ...(speech === "off" ? {} : { speech }),
  };
}

function groupOf({ key, entry }: SessionRow, config: ConfigSnapshot): PromptRequest["group"] {
  const place = /^([a-z0-9_-]+):(group|channel|room):([^:]+)/.exec(parseKey(key)?.rest ?? "");
  const [, channel, kind, chat] = place ?? [];
  if (channel === undefined || chat === undefined) return undefined;
  const name = entry["subject"] ?? entry.displayName;
  const members = entry["members"];
  return {
    kind: kind === "channel" ? "channel" : "group",
    channel,
    ...(typeof name === "string" && name !== "" ? { name } : {}),
    ...(Array.isArray(members) ? { members: members.map(String) } : {}),
    activation: activation(entry["groupActivation"], config, { channel, chat }),
  };
}

/** What was chosen in the chat; else what the channel's settings say of this group. */
function activation(
  chosen: unknown,
  config: ConfigSnapshot,
  { channel, chat }: { readonly channel: string; readonly chat: string },
): "mention" | "always" {
  if (chosen === "mention" || chosen === "always") return chosen;
  const groups = config.at(`channels.${channel}.groups`);
  if (groups === null || typeof groups !== "object") return "mention";
  const rule =
    Object.entries(groups).find(([id]) => id.toLowerCase() === chat) ??
    Object.entries(groups).find(([id]) => id === "*");
  const settings: unknown = rule?.[1];
  return settings !== null && typeof settings === "object" && Reflect.get(settings, "requireMention") === false
    ? "always"
    : "mention";
}
