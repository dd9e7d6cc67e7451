/**
 * What servers said that they serve. Kept in memory and in `<state>/cache/models/<provider>.json`; a server is asked
 * only when somebody wants to see its models, and within a deadline that all share.
 */
import { join } from "node:path";
import type { Discovery } from "../contracts/model.ts";
import type { Platform } from "../contracts/service.ts";
import { errorText } from "../base/errors.ts";
import { ensureDir, readText, writeDurable } from "../base/files.ts";
import type { Log } from "../base/log.ts";
import { askServer } from "./_discovery-ask.ts";
import type { Server } from "./_discovery-ask.ts";
import { Type, choice, fits } from "../contracts/schema.ts";
import { isLocal } from "./_hosts.ts";
import type { FoundRow } from "./_rows.ts";

const DEADLINE_MS = 5000;
/** How long an answer is good: models come and go on one's own machine by the minute. */
const GOOD_MS = { local: 60_000, remote: 3_600_000 };
/** A server that did not answer is left in peace for this long. */
const FAILED_MS = 60_000;
const FILE_BYTES = 8 * 1024 * 1024;

export interface Wanted {
  readonly provider: string;
  readonly discovery: Discovery;
  readonly server: Server;
}

interface Answer {
  /** When it was asked, ms since 1970. */
  readonly at: number;
  /** Address that was asked; another one is another server. */
  readonly from: string;
  readonly rows: readonly FoundRow[];
  readonly failed?: true;
}

const positive = Type.Optional(Type.Integer({ minimum: 1 }));
const price = Type.Number({ minimum: 0 });
/** What is in the file. */
const Kept = Type.Object({
  at: Type.Number(),
  from: Type.String(),
  rows: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1 }),
      name: Type.Optional(Type.String()),
      contextWindow: positive,
      maxTokens: positive,
      input: Type.Optional(Type.Array(choice(["text", "image"]))),
      reasoning: Type.Optional(Type.Boolean()),
      cost: Type.Optional(Type.Object({ input: price, output: price, cacheRead: price, cacheWrite: price })),
      compat: Type.Optional(Type.Object({ supportsTools: Type.Optional(Type.Boolean()) })),
    }),
  ),
});

const NOTHING: readonly FoundRow[] = [];

export class Discoveries {
  readonly #platform: Pick<Platform, "clock" | "fetch" | "paths">;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #answers = new Map<string, Answer>();
  readonly #loading = new Map<string, Promise<void>>();

  constructor(platform: Pick<Platform, "clock" | "fetch" | "paths">, log: Log, changed: () => void) {
    this.#platform = platform;
    this.#log = log;
    this.#changed = changed;
  }

  rows(provider: string): readonly FoundRow[] {
    return this.#answers.get(provider)?.rows ?? NOTHING;
  }

  /** Reads what was written down before, once per provider. Never rejects. */
  load(providers: readonly string[]): Promise<unknown> {
    return Promise.all(
      providers.map((provider) => {
        const loading = this.#loading.get(provider) ?? this.#read(provider);
        this.#loading.set(provider, loading);
        return loading;
      }),
    );
  }

  /**
   * Asks those servers whose answers are old, or all with `now`. Resolves after 5 s at the latest; what did not come
   * by then stays as it was. Never rejects.
   */
  async refresh(wanted: readonly Wanted[], when: "due" | "now"): Promise<void> {
    await this.load(wanted.map(({ provider }) => provider));
    const due = wanted.filter((one) => when === "now" || this.#isDue(one));
    if (due.length === 0) return;
    const late = new AbortController();
    const cancel = this.#platform.clock.timer(DEADLINE_MS, () => late.abort());
    const given = new Promise<void>((resolve) =>
      late.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    try {
      await Promise.race([Promise.all(due.map((one) => this.#ask(one, late.signal))), given]);
    } finally {
      cancel();
      late.abort();
    }
  }

  #isDue({ provider, server: { baseUrl } }: Wanted): boolean {
    const answer = this.#answers.get(provider);
    if (!answer || answer.from !== baseUrl) return true;
    const age = this.#platform.clock.now() - answer.at;
    const good = answer.failed ? FAILED_MS : isLocal(baseUrl) ? GOOD_MS.local : GOOD_MS.remote;
    return age < 0 || age > good;
  }

  async #ask({ provider, discovery, server }: Wanted, signal: AbortSignal): Promise<void> {
    const at = this.#platform.clock.now();
    const from = server.baseUrl;
    try {
      const rows = await askServer({ server, discovery, fetch: this.#platform.fetch, signal });
      if (signal.aborted) return;
      this.#keep(provider, { at, from, rows });
      await this.#write(provider, { at, from, rows });
    } catch (error) {
      this.#log.debug("a server did not say what it serves", { provider, error: errorText(error) });
      const before = this.#answers.get(provider);
      this.#answers.set(provider, { at, from, rows: before?.from === from ? before.rows : NOTHING, failed: true });
    }
  }

  #keep(provider: string, answer: Answer): void {
    this.#answers.set(provider, answer);
    this.#changed();
  }

  async #read(provider: string): Promise<void> {
    try {
      const text = await readText(this.#pathOf(provider), FILE_BYTES);
      if (text === undefined) return;
      const kept: unknown = JSON.parse(text);
      if (fits(Kept, kept)) this.#keep(provider, kept as Answer);
    } catch (error) {
      this.#log.debug("a list of models cannot be read", { provider, error: errorText(error) });
    }
  }

  async #write(provider: string, answer: Answer): Promise<void> {
    const path = this.#pathOf(provider);
    try {
      await ensureDir(join(path, ".."));
      await writeDurable(path, JSON.stringify(answer));
    } catch (error) {
      this.#log.debug("a list of models cannot be kept", { provider, error: errorText(error) });
    }
  }

  #pathOf(provider: string): string {
    return join(this.#platform.paths.state, "cache", "models", `${encodeURIComponent(provider)}.json`);
  }
}
