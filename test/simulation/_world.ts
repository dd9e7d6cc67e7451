/**
 * A small world for crash tests: a chat network with redelivery, a scripted model, and a gateway made
 * of the real pipeline on a real database, in one process. The gateway "dies" at a chosen operation on
 * its store: from then on nothing it does has any effect, as after `kill -9`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Scope } from "../../packages/openclaw/src/base/scope.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import { systemRandom } from "../../packages/openclaw/src/base/ids.ts";
import { NO_USAGE } from "../../packages/openclaw/src/contracts/message.ts";
import type { AssistantMessage, Message } from "../../packages/openclaw/src/contracts/message.ts";
import type { ModelEvent, ModelRequest } from "../../packages/openclaw/src/contracts/model.ts";
import { Prose, Events } from "../../packages/openclaw/src/contracts/bus.ts";
import { closed, Type } from "../../packages/openclaw/src/contracts/schema.ts";
import { defineTool, text } from "../../packages/openclaw/src/contracts/tool.ts";
import type { Tool } from "../../packages/openclaw/src/contracts/tool.ts";
import type { Channel, ChannelAccount, ChannelConnection } from "../../packages/openclaw/src/contracts/channel.ts";
import type { Envelope, OutboundMessage } from "../../packages/openclaw/src/contracts/envelope.ts";
import type { Platform, Use } from "../../packages/openclaw/src/contracts/service.ts";
import { createContainer } from "../../packages/openclaw/src/app/container.ts";
import { ConfigSections } from "../../packages/openclaw/src/features/config/index.ts";
import { ChatCommands, Inbound } from "../../packages/openclaw/src/features/inbound/index.ts";
import { Outbound } from "../../packages/openclaw/src/features/outbound/index.ts";
import { People } from "../../packages/openclaw/src/features/people/index.ts";
import { ToolRegistry } from "../../packages/openclaw/src/features/policy/index.ts";
import { Runs } from "../../packages/openclaw/src/features/runs/index.ts";
import { Subagents } from "../../packages/openclaw/src/features/subagents/index.ts";
import { violations } from "../../packages/openclaw/src/features/context/index.ts";
import { Lanes } from "../../packages/openclaw/src/features/sessions/index.ts";
import { createEventBus } from "../../packages/openclaw/src/gateway/index.ts";
import { configSections } from "../../packages/openclaw/src/generated/config.ts";
import { migrations } from "../../packages/openclaw/src/generated/migrations.ts";
import { services } from "../../packages/openclaw/src/generated/services.ts";
import { Models } from "../../packages/openclaw/src/models/index.ts";
import { Migrations, StoreToken, TranscriptsToken } from "../../packages/openclaw/src/store/index.ts";
import type { Store, Transcripts } from "../../packages/openclaw/src/store/index.ts";
import { quietLog } from "../harness/log.ts";

/** A chat network: keeps what was not acknowledged, shows what was sent. */
class Network {
  /** Messages people wrote that the gateway has not acknowledged. */
  readonly unacknowledged: Envelope[] = [];
  /** What people see. */
  readonly shown: OutboundMessage[] = [];
  #next = 1;

  say(chat: string, message: string): void {
    const nativeId = `n${(this.#next += 1)}`;
    this.unacknowledged.push({
      nativeId,
      address: { channel: "sim", account: "default", kind: "direct", chat },
      from: { id: chat },
      parts: [{ type: "text", text: message }],
      at: systemClock.now(),
    });
  }

  /** Hands everything over again, oldest first; what is accepted is forgotten. */
  async deliver(use: Use): Promise<void> {
    const inbound = await use(Inbound);
    for (const envelope of this.unacknowledged.slice()) {
      await inbound.accept(envelope);
      this.unacknowledged.splice(this.unacknowledged.indexOf(envelope), 1);
    }
  }
}

/** When to die: at the n-th operation on the store, before or after it takes effect. */
export interface Death {
  readonly at: number;
  readonly when: "before" | "after";
}

class Life {
  operations = 0;
  dead = false;
  /** Names of the operations, in order. */
  readonly log: string[] = [];
  readonly #death: Death | undefined;
  #tell: () => void = () => {};
  /** Resolves at death. */
  readonly died = new Promise<void>((resolve) => (this.#tell = resolve));

  constructor(death?: Death) {
    this.#death = death;
  }

  /** Wraps a port so that its methods obey this life. */
  mortal<T extends object>(port: T, name: string): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member = Reflect.get(target, key) as unknown;
        if (typeof member === "object" && member !== null) return this.mortal(member, `${name}.${String(key)}`);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) =>
          this.#perform(`${name}.${String(key)}`, () => (member as (...a: unknown[]) => unknown).apply(target, args));
      },
    });
  }

  #perform(label: string, act: () => unknown): unknown {
    if (this.dead) return NEVER;
    if (/\.(path|record|close|info)$/.test(label)) return act();
    this.operations += 1;
    this.log.push(label);
    const mine = this.operations === this.#death?.at ? this.#death.when : undefined;
    if (mine === "before") {
      this.#die();
      return NEVER;
    }
    const result = act();
    if (mine !== "after") return this.#unlessDead(result);
    this.dead = true;
    void Promise.resolve(result).finally(() => this.#tell());
    return NEVER;
  }

  /** A result that arrives after death reaches nobody. */
  #unlessDead(result: unknown): unknown {
    return result instanceof Promise ? result.then((value: unknown) => (this.dead ? NEVER : value)) : result;
  }

  #die(): void {
    this.dead = true;
    this.#tell();
  }
}

const NEVER = new Promise<never>(() => {});

/**
 * Answers `echo: <text>` to what was said since its last answer, after one tool call when the text says "tool".
 * Complains about requests a provider would refuse.
 */
/** What the model says to what was asked since its last answer; undefined: the usual. */
export type Script = (asked: string, hasResult: boolean) => AssistantMessage["content"] | undefined;

class ScriptedModel {
  readonly complaints: string[] = [];
  readonly toolRuns: string[] = [];
  /** Done while the model is asked a question that needs the tool: what happens in the middle of a run. */
  meanwhile: (use: Use) => Promise<unknown> = async () => {};
  /** What it says instead, where this has an answer. */
  script: Script | undefined;
  /** The gateway that asks. */
  use: Use | undefined;

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    this.complaints.push(...violations(request.messages));
    await systemClock.sleep(0);
    const since = request.messages.slice(request.messages.findLastIndex(isAnswer) + 1);
    const asked = since
      .filter(({ role }) => role === "user")
      .map(textOfUser)
      .join(" | ");
    const hasResult = since.some(({ role }) => role === "toolResult");
    if (asked.includes("tool") && !hasResult && this.use) await this.meanwhile(this.use);
    const content =
      this.script?.(asked, hasResult) ??
      (asked.includes("tool") && !hasResult
        ? [{ type: "toolCall", id: `call-${asked}`, name: "note", arguments: { text: asked } } as const]
        : [{ type: "text", text: `echo: ${asked}` } as const]);
    const stopReason = content.some(({ type }) => type === "toolCall") ? "toolUse" : "stop";
    const message: AssistantMessage = {
      role: "assistant",
      content,
      timestamp: systemClock.now(),
      api: "sim",
      provider: "sim",
      model: "sim",
      usage: NO_USAGE,
      stopReason,
    };
    yield { type: "start" };
    for (const part of message.content) if (part.type === "text") yield { type: "text", delta: part.text };
    yield { type: "done", reason: message.stopReason, message };
  }
}

function textOfUser(message: Message): string {
  const { content } = message;
  const told = typeof content === "string" ? content : content.map((p) => (p.type === "text" ? p.text : "")).join("\n");
  return told.replace(/\[Simulated network [^\]]*\] /g, "");
}

function isAnswer({ role, content }: Message): boolean {
  return role === "assistant" && typeof content !== "string" && content.every(({ type }) => type !== "toolCall");
}

export interface World {
  readonly network: Network;
  readonly model: ScriptedModel;
  readonly home: string;
  /** Starts a gateway on the same disk and lets it work until everything is quiet or it dies; `also` is done first. */
  live(death?: Death, also?: (use: Use) => Promise<unknown>): Promise<Life>;
  end(): void;
}

/** `messages` is that section of the configuration. Unless it says otherwise every message is a turn of its own, at once. */
export function createWorld(messages: Readonly<Record<string, unknown>> = {}, tools: readonly Tool[] = []): World {
  const home = mkdtempSync(join(tmpdir(), "openclaw-sim-"));
  mkdirSync(join(home, "state"), { mode: 0o700 });
  const queue = { mode: "followup", debounceMs: 0 };
  const config = { messages: { queue, ...messages } };
  writeFileSync(join(home, "state", "openclaw.json"), JSON.stringify(config), { mode: 0o600 });
  const network = new Network();
  const model = new ScriptedModel();
  return {
    network,
    model,
    home,
    live: (death, also) => live({ home, network, model, tools }, death, also),
    end: () => rmSync(home, { recursive: true, force: true }),
  };
}

async function live(
  world: { home: string; network: Network; model: ScriptedModel; tools: readonly Tool[] },
  death?: Death,
  also: (use: Use) => Promise<unknown> = async () => {},
): Promise<Life> {
  const life = new Life(death);
  const scope = new Scope(systemClock, "sim");
  const platform = platformAt(world.home);
  const real = createContainer({
    platform,
    scope,
    registry: services,
    values: new Map<string, unknown>([
      [Migrations.name, migrations],
      [ConfigSections.name, configSections],
    ]),
  });
  const store = await real(StoreToken);
  const transcripts = await real(TranscriptsToken);
  const use = containerFor(world, { life, scope, platform, store, transcripts });
  world.model.use = use;
  const work = async (): Promise<void> => {
    const outbound = await use(Outbound);
    outbound.know(channel, account);
    await outbound.recover();
    await use(Runs);
    await (await use(Lanes)).resume();
    await (await use(Subagents)).resume();
    await (await use(Inbound)).resume();
    outbound.attach(channel, account, connectionTo(world.network, life));
    await also(use);
    await world.network.deliver(use);
    await quiet(store);
  };
  await Promise.race([work(), life.died]);
  life.dead = true;
  await scope.close();
  await store.close();
  return life;
}

interface Parts {
  readonly life: Life;
  readonly scope: Scope;
  readonly platform: Platform;
  readonly store: Store;
  readonly transcripts: Transcripts;
}

function containerFor(world: { model: ScriptedModel; tools: readonly Tool[] }, parts: Parts): Use {
  const endpoint = {
    provider: "sim",
    api: "sim",
    baseUrl: "http://sim.invalid",
    headers: {},
    native: false,
    model: {
      id: "sim",
      name: "Sim",
      reasoning: false,
      input: ["text" as const],
      contextWindow: 100_000,
      maxTokens: 1000,
    },
  };
  const values = new Map<string, unknown>([
    [StoreToken.name, parts.life.mortal(parts.store, "store")],
    [TranscriptsToken.name, parts.life.mortal(parts.transcripts, "transcripts")],
    [ConfigSections.name, configSections],
    [ChatCommands.name, []],
    [ToolRegistry.name, [noteTool(world.model), ...world.tools]],
    [Events.name, createEventBus(quietLog)],
    [Prose.name, {}],
    [
      Models.name,
      {
        resolve: async () => endpoint,
        canonical: () => "sim/sim",
        defaultRef: () => "sim/sim",
        list: async () => [],
        stream: (request: ModelRequest) => world.model.stream(request),
      },
    ],
    [
      People.name,
      {
        admit: async (envelope: Envelope) => ({
          verdict: "allow",
          principal: { kind: "person", id: `sim:default:${envelope.from.id}`, role: "owner", scopes: [] },
          reason: "sim",
        }),
      },
    ],
  ]);
  return createContainer({ platform: parts.platform, scope: parts.scope, registry: services, values });
}

const noteTool = (model: ScriptedModel) =>
  defineTool({
    name: "note",
    group: "fs",
    label: "Note",
    summary: "notes something",
    description: "Notes something.",
    effect: "read",
    params: closed({ text: Type.String() }),
    load: async () => ({
      preview: () => ({ target: "note", exact: {} }),
      run: async ({ text: noted }: { text: string }) => {
        model.toolRuns.push(noted);
        return text("noted");
      },
    }),
  });

function platformAt(home: string): Platform {
  return {
    clock: systemClock,
    random: systemRandom,
    env: {},
    log: quietLog,
    fetch: () => Promise.reject(new Error("no network here")),
    connect: () => Promise.reject(new Error("no network here")),
    spawn: () => Promise.reject(new Error("no processes here")),
    paths: { home, state: join(home, "state"), config: join(home, "state", "openclaw.json") },
    version: "0.0.0",
  };
}

/** Resolves when nothing is left to do: no inbox row, open turn, unsent post, helper or talk for three looks in a row. */
async function quiet(store: Store): Promise<void> {
  for (let calm = 0; calm < 3;) {
    const [rows, turns, posts] = [await store.inbox.pending(10), await store.turns.open(), await store.outbox.counts()];
    const helpers = (await store.subagents.list({ unfinished: true, limit: 10 })).filter(
      ({ state, announce }) => state === "open" || announce === "pending",
    );
    const talks = await store.kv.list("session-talks");
    const left = rows.length + turns.length + posts.pending + posts.sending + helpers.length + talks.length;
    calm = left === 0 ? calm + 1 : 0;
    await systemClock.sleep(2);
  }
}

function connectionTo(network: Network, life: Life): ChannelConnection {
  return {
    async send(message) {
      if (life.dead) return NEVER;
      network.shown.push(message);
      return { nativeId: `s${network.shown.length}`, at: systemClock.now() };
    },
    probe: async () => ({ account: "sim" }),
    close: async () => {},
  };
}

const account: ChannelAccount = {
  id: "default",
  enabled: true,
  configured: true,
  dmPolicy: "open",
  allowFrom: ["*"],
  textLimit: 4000,
  chunkMode: "length",
  settings: {},
};
const channel: Channel = {
  id: "sim",
  aliases: [],
  label: "Simulated network",
  capabilities: { chatKinds: ["direct"], typing: false, pairing: false, idempotentSend: false },
  accounts: () => [account],
  normalizeSender: (raw) => raw,
  measure: (markdown) => markdown.length,
  open: () => Promise.reject(new Error("the world attaches the connection itself")),
};
