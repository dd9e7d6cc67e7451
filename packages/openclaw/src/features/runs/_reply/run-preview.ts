/**
 * The preview of a run's answer. A message that shows one is remembered until the outcome of the turn is stored, so
 * that the next process goes on in it, or takes it away.
 */
import type { Previewed, ReplyRoute } from "../../../contracts/envelope.ts";
import type { NewPost } from "../../../store/index.ts";
import { takeDirections, type LivePreview } from "../../outbound/index.ts";
import type { RunDeps } from "../run.ts";

const SPACE = "run-previews";

export class RunPreview {
  readonly #deps: Pick<RunDeps, "outbound" | "store" | "platform">;
  readonly #turnId: string;
  readonly #route: ReplyRoute;
  #live: LivePreview | undefined;
  #begun: Previewed | undefined;
  /** Texts of this run that are complete. */
  #done: string[] = [];
  #text = "";
  #overtaken = false;

  constructor(deps: Pick<RunDeps, "outbound" | "store" | "platform">, turnId: string, route: ReplyRoute) {
    this.#deps = deps;
    this.#turnId = turnId;
    this.#route = route;
  }

  /** Finds what an earlier process showed of this turn. */
  async resume(): Promise<void> {
    const note = await this.#deps.store.kv.get(SPACE, this.#turnId);
    this.#begun = note === undefined ? undefined : (JSON.parse(note) as Previewed);
  }

  /** Whether the account shows answers while they are written; from now on it does. */
  start(): boolean {
    this.#live = this.#deps.outbound.preview(this.#route, {
      ...(this.#begun ? { begun: this.#begun } : {}),
      began: async (message) => {
        this.#begun = message;
        await this.#deps.store.kv.set(SPACE, this.#turnId, JSON.stringify(message));
      },
    });
    return this.#live !== undefined;
  }

  newMessage(): void {
    this.#text = "";
  }

  /** The visible text of the current message by now. */
  text(text: string): void {
    this.#text = takeDirections(text).text;
    this.#show([...this.#done, this.#text].join("\n\n"));
  }

  /** What the model thinks, as long as it has said nothing. */
  thoughts(text: string): void {
    if (this.#text === "") this.#show([...this.#done, text].join("\n\n"));
  }

  kept(): void {
    if (this.#text !== "") this.#done.push(this.#text);
    this.#text = "";
  }

  /** Something was said below it: the answer must come as a new message. */
  overtaken(): void {
    this.#overtaken = this.#begun !== undefined;
  }

  #show(text: string): void {
    if (text.trim() !== "") this.#live?.show(text);
  }

  async stop(): Promise<void> {
    await this.#live?.stop();
  }

  /** Shows nothing more. The first post takes its place; without one it is only taken away. */
  async end(first: NewPost | undefined): Promise<(posts: readonly NewPost[]) => readonly NewPost[]> {
    await this.stop();
    const begun = this.#begun;
    if (!begun) return (posts) => posts;
    const fits =
      first !== undefined && first.media === undefined && !this.#overtaken && first.replyTo === this.#quoted();
    const replaces = fits ? begun : { ...begun, at: 0 };
    if (first) return (posts) => posts.map((post, i) => (i === 0 ? { ...post, replaces } : post));
    const { address } = this.#route;
    const at = this.#deps.platform.clock.now();
    return () => [{ key: `${this.#turnId}:preview`, address, text: "", at, turnId: this.#turnId, replaces }];
  }

  /** A preview quotes as the first post does. */
  #quoted(): string | undefined {
    const { address, replyTo } = this.#route;
    const account = this.#deps.outbound.known(address.channel, address.account)?.account;
    return account?.replyToMode === "first" || account?.replyToMode === "all" ? replyTo : undefined;
  }

  /** The outcome is stored: the outbox knows what to do with the message. */
  async forget(): Promise<void> {
    if (this.#begun) await this.#deps.store.kv.delete(SPACE, this.#turnId).catch(() => undefined);
  }
}
