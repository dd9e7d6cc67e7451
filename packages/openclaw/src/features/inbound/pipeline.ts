/**
 * The way of a message, from the network to the answer. Ten hops; what each leaves behind lets the
 * next process go on after a crash between any two of them.
 *
 *  #  function                                          leaves behind
 *  1  toEnvelope      extensions/<id>/_decode.ts        –
 *  2  accept          accept.ts                         inbox row; only then is the platform told
 *  3  admit           admit.ts                          principal, or the row's reason for silence
 *  4  route           route.ts                          agent and session key
 *     gather          gather.ts                         files in the store; what was understood of them
 *  5  interpret       interpret.ts                      a stop, a command's reply, changed settings, or text for the agent
 *     hold            _debounce.ts                      – (the inbox rows stay): text in a row becomes one turn
 *  6  submit          submit.ts, features/sessions/lane.ts  turn row; the inbox rows are done in the same step
 *     wait            features/sessions/_queue          the row's mode: merged with others, for the run under way, or next
 *  7  run             features/runs/run.ts              transcript entries
 *     make room       features/runs/_ask/room.ts        a compaction's entry, where the window is full
 *  8  stream, invoke  models/dialects, features/runs/invoke.ts  answers and results in the transcript; facts of the run
 *     say meanwhile   features/runs/_reply              outbox rows of finished blocks; the preview's message
 *  9  post            features/runs/_record/finish.ts, features/outbound  outbox rows; the turn is done in the same step
 * 10  send            extensions/<id>/_send.ts          receipt
 *
 * A turn that nobody wrote begins at 6 (`wake.ts`): it tells the session what waits in its system events.
 * At start the inbox, the open turns and the outbox are worked off (`resume`). A message that keeps
 * failing ends as dead, with its reason.
 */
import { errorText } from "../../base/errors.ts";
import { patiently } from "../../base/patience.ts";
import { KeyedSerial } from "../../base/queue.ts";
import { envelopeText, formatAddress } from "../../contracts/envelope.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { ChatCommand } from "../../contracts/chat.ts";
import type { InboxRow, Store } from "../../store/index.ts";
import type { AgentsService } from "../agents/index.ts";
import type { ConfigService, ConfigSnapshot } from "../config/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { LanesService, SessionsService, SystemEventsService } from "../sessions/index.ts";
import { abortWord } from "./_commands/abort.ts";
import { Catalog } from "./_commands/catalog.ts";
import { Debounce } from "./_debounce.ts";
import { accept } from "./accept.ts";
import { admit } from "./admit.ts";
import type { InboundService } from "./index.ts";
import { gather, hasFiles, withMedia } from "./gather.ts";
import type { WithMedia } from "./gather.ts";
import { interpret } from "./interpret.ts";
import type { Meaning } from "./interpret.ts";
import { route } from "./route.ts";
import { submit } from "./submit.ts";
import { wake } from "./wake.ts";

export interface PipelineDeps {
  readonly platform: Platform;
  readonly use: Use;
  readonly store: Store;
  readonly config: ConfigService;
  readonly people: PeopleService;
  readonly sessions: SessionsService;
  readonly lanes: LanesService;
  readonly systemEvents: SystemEventsService;
  readonly agents: AgentsService;
  readonly outbound: OutboundService;
  readonly events: EventBus;
  readonly commands: readonly ChatCommand[];
  readonly catalog: Catalog;
  readonly closing: AbortSignal;
}

/** The rest of a message's way that does not keep the next one of its conversation waiting. */
type Rest = () => Promise<Rest | void>;

const MAX_ATTEMPTS = 5;

export function createPipeline(given: Omit<PipelineDeps, "catalog">): InboundService {
  const deps: PipelineDeps = { ...given, catalog: new Catalog(given.commands) };
  const log = deps.platform.log.for("inbound");
  const conversations = new KeyedSerial();
  const gathering = new KeyedSerial();
  const underway = new Map<string, Promise<void>>();
  const held = new Debounce({
    clock: deps.platform.clock,
    quietMs: (channel) => quietMs(deps.config.current(), channel),
    submit: (meaning, rows) => submit(deps, meaning, rows),
    closing: deps.closing,
  });

  /** Hops 3 to 6 of one message, in the order of its conversation. */
  const work = (id: string, conversation: string): Promise<void> => {
    const known = underway.get(id);
    if (known) return known;
    const task = conversations
      .run(conversation, () => attempt(id, 0))
      .then(async (rest) => {
        for (let next: Rest | void = rest; next;) next = await next();
      })
      .catch((error: unknown) =>
        log.error("a message could not be accounted for", { inbox: id, error: errorText(error) }),
      )
      .finally(() => underway.delete(id));
    underway.set(id, task);
    return task;
  };

  const attempt = async (id: string, pauseMs: number): Promise<Rest | undefined> => {
    if (pauseMs > 0) await deps.platform.clock.sleep(pauseMs, deps.closing).catch(() => undefined);
    const row = await deps.store.inbox.get(id);
    if (!row || row.state !== "received" || deps.closing.aborted) return undefined;
    const rest = await guarded(id, pauseMs, () => hops(deps, { held, gathering }, row));
    return rest && (() => guarded(id, pauseMs, rest));
  };

  /** A failure is counted, and what failed is tried again from the beginning. */
  const guarded = async <T>(id: string, pauseMs: number, step: () => Promise<T>): Promise<T | Rest | undefined> => {
    try {
      return await step();
    } catch (error) {
      log.error("a message could not be processed", {
        inbox: id,
        error: error instanceof Error ? (error.stack ?? error.message) : errorText(error),
      });
      const next = await patiently(deps.platform.clock, deps.closing, () =>
        deps.store.inbox.fail(id, errorText(error), MAX_ATTEMPTS),
      );
      return next === "retry" ? attempt(id, Math.min(pauseMs === 0 ? 250 : pauseMs * 2, 8000)) : undefined;
    }
  };

  return {
    async accept(envelope, extra) {
      const { row, fresh } = await accept(deps, envelope, extra);
      if (fresh) void work(row, formatAddress(envelope.address));
      return { id: row, fresh };
    },
    async resume() {
      const rows = await deps.store.inbox.pending(10_000);
      for (const row of rows) void work(row.id, formatAddress(row.envelope.address));
      return rows.length;
    },
    menu: async (channel, account) => (await import("./_commands/menu.ts")).commandMenu(deps, channel, account),
    wake: (sessionKey, reason) => wake(deps, sessionKey, reason),
    settled: (id) => underway.get(id) ?? Promise.resolve(),
  };
}

interface Waiting {
  readonly held: Debounce;
  /** Files that are fetched and looked at: what follows them in their conversation waits, unless it is a command. */
  readonly gathering: KeyedSerial;
}

async function hops(deps: PipelineDeps, waiting: Waiting, row: InboxRow): Promise<Rest | undefined> {
  const admitted = await admit(deps, row);
  if (!admitted) return undefined;
  const routed = route(deps, admitted);
  const text = envelopeText(row.envelope);
  const isCommand = text.trimStart().startsWith("/") || abortWord(text) !== undefined;
  const conversation = formatAddress(row.envelope.address);
  const { gathering } = waiting;
  const withFiles = hasFiles(routed);
  if (withFiles || (gathering.busy(conversation) && !isCommand)) {
    // It takes its place in the line now, so that nothing of this conversation overtakes it.
    const gathered = gathering.run(conversation, async () =>
      understand(deps, waiting, withFiles ? await gather(deps, routed) : routed),
    );
    gathered.catch(() => undefined);
    return () => gathered;
  }
  return understand(deps, waiting, routed);
}

async function understand(deps: PipelineDeps, { held }: Waiting, routed: WithMedia): Promise<Rest | undefined> {
  const { row, media } = routed;
  const text = envelopeText(row.envelope);
  if (text.trimStart().startsWith("/") || abortWord(text) !== undefined) await held.flush(row);
  const meaning = await interpret(deps, routed);
  const whole = (one: Meaning): Meaning => (media ? { ...one, text: withMedia(one.text, media) } : one);
  if (meaning && "later" in meaning)
    return async () => {
      const turn = await meaning.later();
      if (turn) await submit(deps, whole(turn), [row]);
    };
  if (!meaning) return undefined;
  const taken = held.take(whole(meaning));
  return () => taken;
}

/** `messages.inbound`: the channel's quiet time, else that of all. */
function quietMs(config: ConfigSnapshot, channel: string): number {
  const inbound = config.at("messages.inbound") as
    | { readonly debounceMs?: number; readonly byChannel?: Readonly<Record<string, number>> }
    | undefined;
  return inbound?.byChannel?.[channel] ?? inbound?.debounceMs ?? 0;
}
