/**
 * Two sessions that write to each other: a message, its answer, a few answers to answers, and what the target tells
 * its own chat in the end.
 *
 * The conversation is written down before its first turn, and every turn's id follows from it. Whoever goes through
 * it, this process or the next, asks for the same turns in the same order; a known turn is not queued again.
 */
import { errorText } from "../../base/errors.ts";
import { derivedUuid, uuid } from "../../base/ids.ts";
import type { Log } from "../../base/log.ts";
import { patiently } from "../../base/patience.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import { ANNOUNCE_SKIP, REPLY_SKIP, isExactly } from "../../contracts/silence.ts";
import type { SessionRow, Store } from "../../store/index.ts";
import type { ConfigService } from "../config/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import { sessionSection } from "../sessions/index.ts";
import type { LanesService, SessionsService } from "../sessions/index.ts";
import { actingFor } from "./_authority.ts";
import { PENDING, outcomeOf, readTalk, saidIn, sideOf, turnId } from "./_talk.ts";
import type { Talk, TalkAnswer, TalkRequest, TalksService } from "./_talk.ts";
import { announcePrompt, firstContext, turnContext } from "./_talk-prompt.ts";

export interface TalkDeps {
  readonly platform: Platform;
  readonly store: Store;
  readonly config: ConfigService;
  readonly sessions: SessionsService;
  readonly lanes: LanesService;
  readonly outbound: OutboundService;
  readonly log: Log;
  readonly closing: AbortSignal;
}

const SPACE = "session-talks";
/** Longest wait for one turn; a conversation that takes longer is over. */
const WAIT_MS = 3_600_000;
/** A conversation that old is not taken up again: its turns may be forgotten. */
const OLD_MS = 6 * 3_600_000;

export class SessionTalks implements TalksService {
  readonly #deps: TalkDeps;
  /** Conversations under way; `stopped` ends one before its next turn. */
  readonly #open = new Map<string, { readonly talk: Talk; stopped: boolean }>();

  constructor(deps: TalkDeps) {
    this.#deps = deps;
    deps.lanes.onStop(({ sessionKey }) => {
      for (const one of this.#open.values())
        if (one.talk.from.sessionKey === sessionKey || one.talk.to.sessionKey === sessionKey) one.stopped = true;
    });
  }

  async send(request: TalkRequest): Promise<TalkAnswer> {
    const { store, lanes, config, platform, closing } = this.#deps;
    const route = this.#routeOf(request.to);
    const talk: Talk = {
      id: uuid(platform.random),
      from: request.from,
      to: sideOf(request.to),
      principal: request.principal,
      message: request.message,
      turns: config.current().section(sessionSection).agentToAgent.maxPingPongTurns,
      ...(route === undefined ? {} : { route }),
      createdAt: platform.clock.now(),
    };
    await store.kv.set(SPACE, talk.id, JSON.stringify(talk));
    const runId = turnId(talk, 0);
    await patiently(platform.clock, closing, () => this.#ask(talk, 0, talk.message));
    void this.#carry(talk);
    const answer = { runId, sessionKey: talk.to.sessionKey, ...(route === undefined ? {} : { delivery: PENDING }) };
    if (request.waitMs === 0) return { ...answer, status: "accepted" };
    const turn = await lanes.wait(runId, request.waitMs, request.signal);
    request.signal.throwIfAborted();
    return { ...answer, ...outcomeOf(turn) };
  }

  async resume(): Promise<number> {
    const { store, platform, log } = this.#deps;
    const rows = await store.kv.list(SPACE);
    for (const { key, value } of rows) {
      const talk = readTalk(value);
      if (talk && talk.createdAt > platform.clock.now() - OLD_MS) void this.#carry(talk);
      else {
        log.warn("a conversation between sessions was given up", { id: key });
        await store.kv.delete(SPACE, key);
      }
    }
    return rows.length;
  }

  /** Never rejects. */
  async #carry(talk: Talk): Promise<void> {
    const { store, log, closing } = this.#deps;
    const state = { talk, stopped: false };
    this.#open.set(talk.id, state);
    try {
      await this.#converse(talk, () => state.stopped || closing.aborted);
      if (!closing.aborted) await store.kv.delete(SPACE, talk.id);
    } catch (error) {
      if (closing.aborted) return;
      log.warn("a conversation between sessions ended early", { id: talk.id, error: errorText(error) });
      await store.kv.delete(SPACE, talk.id).catch(() => undefined);
    } finally {
      this.#open.delete(talk.id);
    }
  }

  async #converse(talk: Talk, over: () => boolean): Promise<void> {
    const first = await this.#answer(talk, 0, talk.message);
    if (first === undefined || over()) return;
    let latest = first;
    for (let n = 1; n <= talk.turns; n += 1) {
      const reply = await this.#answer(talk, n, latest);
      if (over()) return;
      if (reply === undefined || isExactly(reply, REPLY_SKIP)) break;
      latest = reply;
    }
    if (talk.route) await this.#announce(talk, talk.route, { first, latest });
  }

  /** What a side says to `text`; undefined when it says nothing, fails or takes too long. */
  async #answer(talk: Talk, n: number, text: string): Promise<string | undefined> {
    const { platform, closing, lanes } = this.#deps;
    await patiently(platform.clock, closing, () => this.#ask(talk, n, text));
    return saidIn(await lanes.wait(turnId(talk, n), WAIT_MS, closing));
  }

  /** Turn `n`: 0 and the even ones are the target's. */
  #ask(talk: Talk, n: number, text: string): Promise<unknown> {
    const [own, other] = n % 2 === 0 ? [talk.to, talk.from] : [talk.from, talk.to];
    return this.#deps.lanes.submit(
      {
        id: turnId(talk, n),
        agentId: own.agentId,
        sessionKey: own.sessionKey,
        principal: actingFor(talk.principal, other.sessionKey),
        text,
        options: {
          lane: "nested",
          deliver: false,
          extraSystemPrompt: n === 0 ? firstContext(talk.from, talk.to) : turnContext(other, { n, of: talk.turns }),
          from: {
            sessionKey: other.sessionKey,
            tool: "sessions_send",
            ...(other.channel === undefined ? {} : { channel: other.channel }),
          },
        },
        createdAt: this.#deps.platform.clock.now(),
      },
      [],
    );
  }

  /** What the target tells its own chat, once: the keys of the posts follow from the conversation. */
  async #announce(talk: Talk, route: ReplyRoute, said: { first: string; latest: string }): Promise<void> {
    const { lanes, outbound, store, platform, closing } = this.#deps;
    const id = derivedUuid(`talk:${talk.id}:announce`);
    await patiently(platform.clock, closing, () =>
      lanes.submit(
        {
          id,
          agentId: talk.to.agentId,
          sessionKey: talk.to.sessionKey,
          principal: actingFor(talk.principal, talk.from.sessionKey),
          text: announcePrompt(talk.message, said),
          options: {
            lane: "nested",
            deliver: false,
            extraSystemPrompt: firstContext(talk.from, talk.to),
            from: { sessionKey: talk.from.sessionKey, tool: "sessions_send" },
          },
          createdAt: platform.clock.now(),
        },
        [],
      ),
    );
    const text = saidIn(await lanes.wait(id, WAIT_MS, closing));
    if (text === undefined || isExactly(text, ANNOUNCE_SKIP)) return;
    const posts = outbound.compose([text], route, {
      keyPrefix: `talk:${talk.id}`,
      turnId: id,
      at: platform.clock.now(),
    });
    await patiently(platform.clock, closing, () => store.outbox.post(posts));
    outbound.wake(`${route.address.channel}:${route.address.account}`);
  }

  /** The chat network on which the target was last talked to. */
  #routeOf({ entry }: SessionRow): ReplyRoute | undefined {
    const { lastChannel, lastTo, lastAccountId = "default", chatType } = entry;
    if (lastChannel === undefined || lastTo === undefined) return undefined;
    if (!this.#deps.outbound.known(lastChannel, lastAccountId)) return undefined;
    const kind = chatType === "group" || chatType === "channel" ? chatType : "direct";
    const thread = entry["lastThreadId"];
    return {
      address: {
        channel: lastChannel,
        account: lastAccountId,
        kind,
        chat: lastTo,
        ...(typeof thread === "string" ? { thread } : {}),
      },
    };
  }
}
