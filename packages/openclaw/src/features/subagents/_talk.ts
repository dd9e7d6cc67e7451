/** Shapes of a conversation between sessions, and what its turns come to. */
import { derivedUuid } from "../../base/ids.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { SessionRow, TurnRow } from "../../store/index.ts";

export interface TalkSide {
  readonly sessionKey: string;
  readonly agentId: string;
  readonly channel?: string;
}

export interface TalkRequest {
  readonly from: TalkSide;
  readonly principal: Principal;
  readonly to: SessionRow;
  readonly message: string;
  /** 0 = not at all. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

export interface TalkAnswer {
  readonly runId: string;
  readonly status: "accepted" | "ok" | "timeout" | "error";
  readonly sessionKey: string;
  readonly reply?: string;
  readonly error?: string;
  readonly delivery?: { readonly status: "pending"; readonly mode: "announce" };
}

export interface TalksService {
  send(request: TalkRequest): Promise<TalkAnswer>;
  /** At start: goes on with conversations that a previous process left. */
  resume(): Promise<number>;
}

/** As it is written down. */
export interface Talk {
  readonly id: string;
  readonly from: TalkSide;
  readonly to: TalkSide;
  readonly principal: Principal;
  readonly message: string;
  /** Answers to answers, at most. */
  readonly turns: number;
  /** Chat of the target, where it has one. */
  readonly route?: ReplyRoute;
  readonly createdAt: number;
}

export const PENDING = { status: "pending", mode: "announce" } as const;

export function turnId({ id }: Talk, n: number): string {
  return derivedUuid(`talk:${id}:${n}`);
}

export function sideOf({ key, agentId, entry }: SessionRow): TalkSide {
  const channel = entry.lastChannel ?? entry.channel;
  return { sessionKey: key, agentId, ...(channel === undefined ? {} : { channel }) };
}

export function saidIn(turn: TurnRow | undefined): string | undefined {
  if (turn?.result?.status !== "ok") return undefined;
  const text = turn.result.texts.join("\n\n").trim();
  return text === "" ? undefined : text;
}

export function outcomeOf(turn: TurnRow | undefined): Pick<TalkAnswer, "status" | "reply" | "error"> {
  const { result } = turn ?? {};
  if (!result)
    return { status: "timeout", error: "It has not answered yet. Its answer comes to this session when it is there." };
  if (result.status === "ok") return { status: "ok", reply: saidIn(turn) ?? "" };
  if (result.status === "timeout") return { status: "timeout", error: "Its run took too long and was ended." };
  return { status: "error", error: result.error?.message ?? `Its run was stopped (${result.stopReason}).` };
}

export function readTalk(value: string): Talk | undefined {
  try {
    return JSON.parse(value) as Talk;
  } catch {
    return undefined;
  }
}
