/** What a run says while it goes on, one after another, as rows of the outbox. */
import { isOwners } from "../../../contracts/principal.ts";
import { errorText } from "../../../base/errors.ts";
import type { ReplyRoute } from "../../../contracts/envelope.ts";
import type { NewPost, TurnRow } from "../../../store/index.ts";
import type { Payload } from "../../outbound/index.ts";
import type { Place } from "../_setup/setup.ts";
import type { RunDeps } from "../run.ts";
import type { ReplySettings } from "./settings.ts";

export interface Keys {
  readonly keyPrefix: string;
  /** Number of the first key. */
  readonly first?: number;
}

export class PostLine {
  readonly #deps: RunDeps;
  readonly #turn: TurnRow;
  readonly #place: Place;
  readonly #route: ReplyRoute;
  /** Stands before everything. */
  prefix: string | undefined;
  /** Something of this answer quotes the question already. */
  quoted = false;
  #notBefore = 0;
  #tasks: Promise<void> = Promise.resolve();

  constructor(deps: RunDeps, turn: TurnRow, place: Place, route: ReplyRoute) {
    this.#deps = deps;
    this.#turn = turn;
    this.#place = place;
    this.#route = route;
  }

  /** After everything before it. What fails is logged; the end of the run says it again. */
  add(task: () => Promise<void>): void {
    this.#tasks = this.#tasks.then(task).catch((error: unknown) => {
      this.#deps.log.warn("a part of an answer was not posted yet", { run: this.#turn.id, error: errorText(error) });
    });
  }

  /** Resolves when all that was added is done. */
  done(): Promise<void> {
    return this.#tasks;
  }

  compose(
    payloads: readonly Payload[],
    { keyPrefix, first = 0 }: Keys,
    delay?: ReplySettings["delay"],
  ): Promise<NewPost[]> {
    return this.#deps.outbound.answer(payloads, this.#route, {
      keyPrefix,
      first,
      turnId: this.#turn.id,
      at: this.#deps.platform.clock.now(),
      prefix: this.prefix,
      workspace: this.#place.agent.workspace,
      forGuest: this.#turn.principal.role === "guest",
      withoutNotes: !isOwners(this.#turn.principal),
      quoted: this.quoted,
      ...(delay ? { notBefore: this.#later(delay) } : {}),
    });
  }

  async store(posts: readonly NewPost[]): Promise<void> {
    if (posts.length === 0 || this.#deps.closing.aborted) return;
    await this.#deps.store.outbox.post(posts);
    this.quoted = true;
    const { address } = this.#route;
    this.#deps.outbound.wake(`${address.channel}:${address.account}`);
  }

  /** Between two blocks, as people do. */
  #later({ min, max }: NonNullable<ReplySettings["delay"]>): number {
    const { clock, random } = this.#deps.platform;
    const share = (random.bytes(1)[0] ?? 0) / 255;
    this.#notBefore = Math.max(clock.now(), this.#notBefore) + Math.round(min + share * (max - min));
    return this.#notBefore;
  }
}
