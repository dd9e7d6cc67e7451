/**
 * What people in a chat see of a run while it goes on: typing, a preview of the answer, finished blocks of it, and
 * tool calls where they asked for them. Web chat sees all that as events and gets nothing here.
 *
 * 1. `open`: settings, and what an earlier attempt of the turn said already. What it wrote and did not say is said.
 * 2. `hear`: the events of the run. Everything posted goes through one line, in order.
 * 3. `kept`: an answer stands in the transcript; the rest of its blocks is posted. In this order a crash in between
 *    costs nothing: what stands there and was not said is found by 1, or said at the end.
 * 4. `rest`: the end of the run: what is still to be said, to be posted in one step with it.
 */
import type { ReplyRoute } from "../../../contracts/envelope.ts";
import type { NewPost, PostPart, TurnRow } from "../../../store/index.ts";
import { NO_TYPING } from "../../outbound/index.ts";
import type { Block, BlockSettings, BlockStream, Payload, Typing } from "../../outbound/index.ts";
import { maySend, sessionSection } from "../../sessions/index.ts";
import type { RunEvent } from "../index.ts";
import type { Place, RunSetup } from "../_setup/setup.ts";
import type { RunDeps } from "../run.ts";
import { answeredOf, knownParts } from "./before.ts";
import { Bubbles } from "./bubbles.ts";
import { assemble, reasoningText, type Assembly } from "./payloads.ts";
import { PostLine } from "./post-line.ts";
import { responsePrefix } from "./prefix.ts";
import { RunPreview } from "./run-preview.ts";
import { replySettings, verboseLevel, type ReplySettings, type VerboseLevel } from "./settings.ts";

export class Speaker {
  readonly #deps: RunDeps;
  readonly #turn: TurnRow;
  readonly #route: ReplyRoute;
  readonly #place: Place;
  readonly #settings: ReplySettings;
  readonly #bubbles: Bubbles;
  readonly #preview: RunPreview;
  readonly #line: PostLine;
  readonly #parts: PostPart[] = [];
  /** Blocks are said as they come; absent where the answer is shown while it is written, or given whole. */
  #cuts: BlockSettings | undefined;
  #typing: Typing = NO_TYPING;
  #stream: BlockStream | undefined;
  /** Number of the answer that comes next. */
  #answer = 0;
  #nextBlock = 0;
  #acknowledged = false;
  #thoughts = "";
  /** A block could not be posted: what follows is said at the end. */
  #broken = false;

  private constructor(deps: RunDeps, turn: TurnRow, place: Place, route: ReplyRoute) {
    this.#deps = deps;
    this.#turn = turn;
    this.#place = place;
    this.#route = route;
    this.#line = new PostLine(deps, turn, place, route);
    const { config, agent, session } = place;
    this.#settings = replySettings({
      config,
      turn,
      entry: { ...session.entry, ...turn.options.preferences },
      route,
      agentId: agent.id,
      identityEmoji: agent.identity.emoji,
      outbound: deps.outbound,
    });
    this.#bubbles = new Bubbles({
      level: () => this.verbose(),
      compactions: async () => {
        const count = (await deps.sessions.get(turn.sessionKey))?.entry["compactionCount"];
        return typeof count === "number" ? count : undefined;
      },
      say: (text, key) => this.#say(text, key),
    });
    this.#preview = new RunPreview(deps, turn.id, route);
  }

  /** Undefined when nothing of the run is said in a chat. */
  static async open(deps: RunDeps, turn: TurnRow, place: Place): Promise<Speaker | undefined> {
    const { replyTo: route, options } = turn;
    if (!route || options.deliver === false || options.silent === true || route.address.channel === "webchat")
      return undefined;
    if (!mayDeliver(place, turn)) return undefined;
    const speaker = new Speaker(deps, turn, place, route);
    await speaker.#begin();
    return speaker;
  }

  async #begin(): Promise<void> {
    const { acknowledgement, blocks, typing } = this.#settings;
    this.#typing = this.#deps.outbound.typing(this.#route, typing.everySeconds);
    if (typing.mode === "instant") this.#typing.touch();
    if (acknowledgement !== undefined) {
      this.#deps.outbound.react(this.#route, acknowledgement);
      this.#acknowledged = true;
    }
    if (this.#turn.attempts > 1) {
      const { rows, parts } = await knownParts(this.#deps.store.outbox, this.#turn.id);
      this.#nextBlock = rows;
      this.#line.quoted = rows > 0;
      this.#parts.push(...parts);
      await this.#preview.resume();
    }
    const previews = this.#settings.previews && this.#preview.start();
    this.#cuts = previews ? undefined : blocks;
    if (this.#turn.attempts > 1) await this.#catchUp();
    else this.#bubbles.waited(this.#turn);
  }

  /** The model and its settings are known. */
  ready(setup: RunSetup): void {
    const { config, agent } = this.#place;
    this.#line.prefix = responsePrefix(config, this.#route.address, {
      modelRef: setup.modelRef,
      thinking: setup.thinking,
      identityName: agent.identity.name ?? agent.name,
    });
  }

  async verbose(): Promise<VerboseLevel> {
    const { sessions } = this.#deps;
    const row = await sessions.get(this.#turn.sessionKey).catch(() => undefined);
    return verboseLevel(this.#place.config, {
      ...(row ?? this.#place.session).entry,
      ...this.#turn.options.preferences,
    });
  }

  /** Never throws. */
  hear(event: RunEvent): void {
    const { typing, reasoning } = this.#settings;
    if (event.stream === "assistant") {
      const { delta, text } = event.data as { delta: string; text: string };
      if (typing.mode !== "never") this.#typing.touch();
      if (this.#stream) void this.#tellThoughts();
      this.#stream?.push(delta);
      this.#preview.text(text);
    } else if (event.stream === "thinking") {
      const text = String(event.data["text"] ?? "");
      this.#thoughts = text;
      if (typing.mode === "instant" || (typing.mode === "thinking" && reasoning === "stream")) this.#typing.touch();
      if (reasoning === "stream") this.#preview.thoughts(reasoningText([text]) ?? "");
    } else {
      if (typing.mode === "instant") this.#typing.touch();
      if (event.stream === "tool" && event.data["phase"] === "start") this.#stream?.pause();
      this.#bubbles.hear(event);
    }
  }

  /** The model begins a message; one that was begun and not kept is forgotten. */
  newMessage(): void {
    this.#stream?.discard();
    this.#thoughts = "";
    this.#preview.newMessage();
    this.#stream = this.#cuts && !this.#broken ? this.#blocks(this.#cuts) : undefined;
  }

  #blocks(cuts: BlockSettings): BlockStream {
    const answer = this.#answer;
    return this.#deps.outbound.blocks({
      ...cuts,
      said: this.#parts.filter((part) => part.answer === answer),
      emit: (block) => this.#post(block, answer),
    });
  }

  /** A text of the message ends: a tool is called. */
  pause(): void {
    this.#stream?.pause();
  }

  /** An answer, or as much of it as came, was written to the transcript. */
  async kept(): Promise<void> {
    this.#stream?.end();
    this.#stream = undefined;
    this.#preview.kept();
    this.#answer += 1;
    await this.#line.done();
  }

  /** What is still to be said. Nothing is heard any more. */
  async rest(assembly: Omit<Assembly, "parts" | "reasoning" | "verbose" | "streamed">): Promise<NewPost[]> {
    this.#stream?.discard();
    this.#typing.stop();
    this.#typing = NO_TYPING;
    await this.#bubbles.settled();
    await this.#line.done();
    const verbose = await this.verbose();
    const { reasoning, takeAckAway } = this.#settings;
    const payloads = assemble({
      ...assembly,
      parts: this.#parts,
      reasoning: reasoning === "on",
      verbose,
      streamed: this.#cuts !== undefined,
    });
    const posts = await this.#line.compose(payloads, { keyPrefix: this.#turn.id });
    const shown = await this.#preview.end(posts[0]);
    const settles = this.#acknowledged && takeAckAway ? this.#route.replyTo : undefined;
    return shown(posts).map((post, i) => (i === 0 && settles !== undefined ? { ...post, settles } : post));
  }

  /** The outcome is stored. */
  async settled(): Promise<void> {
    await this.#preview.forget();
  }

  close(): void {
    this.#typing.stop();
    this.#stream?.discard();
    void this.#preview.stop();
  }

  /** What an earlier process wrote and did not say, where blocks are said as they come. */
  async #catchUp(): Promise<void> {
    const answers = answeredOf(await this.#deps.contexts.load(this.#place.ref), this.#turn.id);
    for (const { text } of answers) {
      if (this.#cuts) {
        const stream = this.#blocks(this.#cuts);
        stream.push(text);
        stream.end();
      }
      this.#answer += 1;
    }
    await this.#line.done();
  }

  /** Reasoning goes before the first block of its answer. */
  async #tellThoughts(): Promise<void> {
    const thoughts = this.#thoughts;
    this.#thoughts = "";
    if (this.#settings.reasoning !== "on" || thoughts === "") return;
    const text = reasoningText([thoughts]);
    if (text !== undefined) this.#say(text, `reasoning:${this.#answer}`);
  }

  /** A bubble of its own. A known key says nothing again. */
  #say(text: string, key: string): void {
    this.#preview.overtaken();
    this.#line.add(async () => {
      await this.#line.store(
        await this.#line.compose([{ text, plain: true }], { keyPrefix: `${this.#turn.id}:${key}` }),
      );
    });
  }

  #post(block: Block, answer: number): void {
    const { text, part, ...directions } = block;
    this.#line.add(async () => {
      if (this.#broken) return;
      const payload: Payload = { text, plain: true, directions, part: { ...part, answer } };
      const first = this.#nextBlock;
      try {
        const delay = first === 0 ? undefined : this.#settings.delay;
        const posts = await this.#line.compose([payload], { keyPrefix: `${this.#turn.id}:block`, first }, delay);
        await this.#line.store(posts);
        this.#nextBlock += posts.length;
        if (posts.length > 0) this.#parts.push({ ...part, answer });
      } catch (error) {
        this.#broken = true;
        throw error;
      }
    });
  }
}

/** Whether the session may speak at all where the answer of this turn goes (`sendPolicy`). Web chat only reads. */
export function mayDeliver({ config, session }: Place, { sessionKey, replyTo }: TurnRow): boolean {
  if (!replyTo || replyTo.address.channel === "webchat") return true;
  const override = session.entry.sendPolicy;
  return maySend(config.section(sessionSection).sendPolicy, { sessionKey, address: replyTo.address, override });
}
