/** An answer that is shown while it is written: the newest text wins, at a pace, one call at a time. */
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import { errorText } from "../../base/errors.ts";
import { ChannelError, type ChannelPreview } from "../../contracts/channel.ts";
import type { Previewed } from "../../contracts/envelope.ts";
import { Chunker } from "./_blocks/chunker.ts";

export interface LivePreview {
  /** What the answer is by now. */
  show(text: string): void;
  /** Shows nothing more; resolves, once no call is under way, with the message that must be replaced. */
  stop(): Promise<Previewed | undefined>;
}

export interface PreviewOptions {
  readonly preview: ChannelPreview;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest text that it can hold, as the channel measures it; a longer one is not shown. */
  readonly fits: (text: string) => boolean;
  /** A message shows it from now on: to be remembered before anything else is shown. */
  readonly began: (message: Previewed) => Promise<void>;
  readonly begun?: Previewed;
}

/** Below this it is not worth a message, nor the sound that comes with it. */
const SHORTEST = 24;

export class Preview implements LivePreview {
  readonly #options: PreviewOptions;
  #message: Previewed | undefined;
  #wanted: string | undefined;
  #shown = "";
  #notBefore = 0;
  #call: Promise<void> | undefined;
  #cancel = () => {};
  #ended = false;

  constructor(options: PreviewOptions) {
    this.#options = options;
    this.#message = options.begun;
  }

  show(text: string): void {
    if (this.#ended) return;
    this.#wanted = this.#grown(text);
    this.#next();
  }

  async stop(): Promise<Previewed | undefined> {
    this.#ended = true;
    this.#cancel();
    await this.#call;
    return this.#message;
  }

  /** With pieces, it ends where the last whole one does. */
  #grown(text: string): string {
    const { chunk } = this.#options.preview;
    if (!chunk) return text;
    const chunker = new Chunker(chunk);
    chunker.append(text);
    return chunker
      .drain(false)
      .map((piece) => piece.text + (piece.joint ?? "\n"))
      .join("")
      .trimEnd();
  }

  #next(): void {
    const text = this.#wanted?.trim() ?? "";
    if (this.#ended || this.#call || text === this.#shown || text.length < SHORTEST) return;
    const { clock, fits } = this.#options;
    if (!fits(text)) return;
    const wait = this.#notBefore - clock.monotonic();
    this.#cancel();
    if (wait > 0) {
      this.#cancel = clock.timer(wait, () => this.#next());
      return;
    }
    this.#call = this.#send(text).finally(() => {
      this.#call = undefined;
      this.#next();
    });
  }

  async #send(text: string): Promise<void> {
    const { preview, clock, log, began } = this.#options;
    try {
      const message = await preview.show(text);
      this.#shown = text;
      this.#notBefore = clock.monotonic() + preview.everyMs;
      if (message && message.nativeId !== this.#message?.nativeId) {
        this.#message = message;
        await began(message);
      }
    } catch (error) {
      if (error instanceof ChannelError && error.kind === "rate_limit") {
        this.#notBefore = clock.monotonic() + Math.max(error.retryAfterMs ?? 1000, preview.everyMs);
        return;
      }
      // What cannot be shown now is shown when it is complete.
      this.#ended = true;
      log.debug("an answer is not shown while it is written", { error: errorText(error) });
    }
  }
}
