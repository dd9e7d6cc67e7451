/** How the answers of one run are given, resolved when it begins. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { ReplyRoute } from "../../../contracts/envelope.ts";
import type { SessionEntry, TurnRow } from "../../../store/index.ts";
import { channelSetting, channelSettings } from "../../outbound/index.ts";
import type { BlockSettings, OutboundService } from "../../outbound/index.ts";

export type ReasoningLevel = "off" | "on" | "stream";
export type VerboseLevel = "off" | "on" | "full";
export type TypingMode = "never" | "instant" | "thinking" | "message";

export interface ReplySettings {
  readonly direct: boolean;
  readonly reasoning: ReasoningLevel;
  readonly typing: { readonly mode: TypingMode; readonly everySeconds: number };
  /** Absent: the answer is given when it is complete. */
  readonly blocks: BlockSettings | undefined;
  /** Whether it may be shown while it is written. */
  readonly previews: boolean;
  /** Milliseconds between two blocks. */
  readonly delay: { readonly min: number; readonly max: number } | undefined;
  /** Put on the message that is answered. */
  readonly acknowledgement: string | undefined;
  readonly takeAckAway: boolean;
}

export interface Asked {
  readonly config: ConfigSnapshot;
  readonly turn: TurnRow;
  /** As this turn's own directives make it. */
  readonly entry: SessionEntry;
  readonly route: ReplyRoute;
  readonly agentId: string;
  readonly identityEmoji: string | undefined;
  readonly outbound: Pick<OutboundService, "known">;
}

export function replySettings(asked: Asked): ReplySettings {
  const { config, route } = asked;
  const direct = route.address.kind === "direct";
  const wantsBlocks = channelSetting(config, route.address, "blockStreaming");
  return {
    direct,
    reasoning: reasoningLevel(asked, direct),
    typing: typingOf(asked, direct),
    blocks: blocksOf(asked, wantsBlocks),
    previews: wantsBlocks !== true,
    delay: delayOf(asked),
    acknowledgement: acknowledgementOf(asked, direct),
    takeAckAway: config.at("messages.removeAckAfterReply") === true,
  };
}

/** The level of this moment: a change takes effect with the next bubble. */
export function verboseLevel(config: ConfigSnapshot, entry: SessionEntry | undefined): VerboseLevel {
  return (
    pick(entry?.verboseLevel, ["off", "on", "full"]) ??
    pick(config.at("agents.defaults.verboseDefault"), ["off", "on", "full"]) ??
    "off"
  );
}

/** The session's own level; defaults are for people who are known, and not for groups. */
function reasoningLevel({ entry, config, agentId, turn }: Asked, direct: boolean): ReasoningLevel {
  const levels = ["off", "on", "stream"] as const;
  const own = pick(entry.reasoningLevel, levels);
  if (own !== undefined) return own;
  const { role } = turn.principal;
  if (!direct || (role !== "owner" && role !== "member")) return "off";
  const ofAgent = pick(agentEntry(config, agentId)["reasoningDefault"], levels);
  return ofAgent ?? pick(config.at("agents.defaults.reasoningDefault"), levels) ?? "off";
}

function typingOf({ config, turn }: Asked, direct: boolean): ReplySettings["typing"] {
  const modes = ["never", "instant", "thinking", "message"] as const;
  const told = pick(config.at("session.typingMode"), modes) ?? pick(config.at("agents.defaults.typingMode"), modes);
  // Nobody wrote: nobody waits for an answer.
  const usual = direct && turn.options.wake === undefined ? "instant" : "message";
  const every = config.at("session.typingIntervalSeconds") ?? config.at("agents.defaults.typingIntervalSeconds");
  return { mode: told ?? usual, everySeconds: Math.max(1, number(every) ?? 6) };
}

function blocksOf({ config, route, outbound }: Asked, wanted: unknown): BlockSettings | undefined {
  const known = outbound.known(route.address.channel, route.address.account);
  const usual =
    known?.channel.capabilities.blocksByDefault === true && config.at("agents.defaults.blockStreamingDefault") === "on";
  if (!known || !(typeof wanted === "boolean" ? wanted : usual)) return undefined;
  const limit = known.account.textLimit;
  const chunk = map(config.at("agents.defaults.blockStreamingChunk"));
  const maxChars = Math.min(number(chunk["maxChars"]) ?? 1200, limit);
  const minChars = Math.min(number(chunk["minChars"]) ?? 800, maxChars);
  const joined = {
    ...map(config.at("agents.defaults.blockStreamingCoalesce")),
    ...channelSettings(config, route.address, "blockStreamingCoalesce"),
  };
  return {
    chunk: {
      minChars,
      maxChars,
      breakPreference: pick(chunk["breakPreference"], ["paragraph", "newline", "sentence"]) ?? "paragraph",
    },
    coalesce: {
      idleMs: number(joined["idleMs"]) ?? 1000,
      minChars: number(joined["minChars"]) ?? minChars,
      maxChars: Math.min(number(joined["maxChars"]) ?? maxChars, limit),
    },
    breakAt: pick(config.at("agents.defaults.blockStreamingBreak"), ["text_end", "message_end"]) ?? "text_end",
  };
}

function delayOf({ config, agentId }: Asked): ReplySettings["delay"] {
  const given = { ...map(config.at("agents.defaults.humanDelay")), ...map(agentEntry(config, agentId)["humanDelay"]) };
  if (given["mode"] === "natural") return { min: 800, max: 2500 };
  if (given["mode"] !== "custom") return undefined;
  const min = number(given["minMs"]) ?? 800;
  return { min, max: Math.max(min, number(given["maxMs"]) ?? 2500) };
}

/** An emoji for the message, where its kind of chat gets one. In groups, runs are for messages that mention the assistant. */
function acknowledgementOf({ config, route, entry, identityEmoji, turn }: Asked, direct: boolean): string | undefined {
  if (route.replyTo === undefined || turn.options.wake !== undefined) return undefined;
  const scope = channelSetting(config, route.address, "ackReactionScope") ?? config.at("messages.ackReactionScope");
  const mentioned = entry["groupActivation"] !== "always";
  const wanted =
    scope === "all" ||
    (scope === "direct" && direct) ||
    (scope === "group-all" && !direct) ||
    ((scope ?? "group-mentions") === "group-mentions" && !direct && mentioned);
  if (!wanted) return undefined;
  const told = channelSetting(config, route.address, "ackReaction") ?? config.at("messages.ackReaction");
  const emoji = typeof told === "string" ? told.trim() : (identityEmoji ?? "👀");
  return emoji === "" ? undefined : emoji;
}

function agentEntry(config: ConfigSnapshot, agentId: string): Readonly<Record<string, unknown>> {
  const list = config.at("agents.list");
  return Array.isArray(list) ? map(list.find((entry: unknown) => map(entry)["id"] === agentId)) : {};
}

function map(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function pick<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((one) => one === value);
}
