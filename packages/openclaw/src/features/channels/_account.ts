/** One account's supervised task: opens it, keeps it open, opens it again when it fell over. */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Scope } from "../../base/scope.ts";
import { withDeadline } from "../../base/time.ts";
import { Backoff } from "../../channel-kit/index.ts";
import {
  ChannelError,
  type ChannelConnection,
  type ChannelLink,
  type ConnectionState,
} from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { RouteRegistry } from "../../contracts/route.ts";
import type { Platform } from "../../contracts/service.ts";
import type { OutboundService } from "../outbound/index.ts";
import type { AccountStatus, ChannelProbe } from "./index.ts";
import { takeLease } from "./_lease.ts";
import type { LoadedAccount } from "./_load.ts";
import { webhookRoute } from "./_webhook.ts";

export interface AccountDeps extends LoadedAccount {
  readonly platform: Pick<Platform, "clock" | "random" | "env" | "fetch" | "log">;
  readonly outbound: Pick<OutboundService, "attach">;
  /** Hop 2; resolves with whether the message was new. */
  readonly accept: (envelope: Envelope) => Promise<{ readonly fresh: boolean }>;
  readonly memory: ChannelLink["memory"];
  /** What its menu shows. */
  readonly menu: ChannelLink["menu"];
  /** Where webhooks are served. */
  readonly routes: Pick<RouteRegistry, "add">;
  readonly changed: (status: AccountStatus) => void;
  /** Ends every run. */
  readonly scope: Scope;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const OPEN_MS = 120_000;
/** For one part of a connection to end. */
const STOP_MS = 10_000;
/** A connection that lived this long counts as a success: the next wait is short again. */
const SETTLED_MS = 60_000;

export class AccountRunner {
  readonly #deps: AccountDeps;
  readonly #log: Log;
  readonly #status: Mutable<AccountStatus>;
  #connection: ChannelConnection | undefined;
  #own: Scope | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: AccountDeps) {
    this.#deps = deps;
    this.#log = deps.platform.log.for(
      deps.account.id === "default" ? deps.channel.id : `${deps.channel.id}:${deps.account.id}`,
    );
    this.#status = initialStatus(deps);
  }

  get status(): AccountStatus {
    return { ...this.#status };
  }

  /** Whether there is anything to run. */
  get runnable(): boolean {
    return this.#status.state === "stopped" && this.#status.problem === undefined;
  }

  /** Connects, and stays connected until `stop` or the end of the scope. Once. */
  start(): void {
    const own = this.#deps.scope.child(`${this.#status.channel}:${this.#status.account}`);
    this.#own = own;
    this.#running = this.#run(own).catch((error: unknown) => this.#log.error(`ended: ${errorText(error)}`));
  }

  /** Resolves once the connection is closed, sends under way are finished and the login is free. */
  async stop(): Promise<void> {
    await this.#own?.close(STOP_MS);
    const late = () => new Error("did not end in time");
    await withDeadline(this.#deps.platform.clock, STOP_MS, this.#running ?? Promise.resolve(), late).catch(
      (error: unknown) => this.#log.warn(errorText(error)),
    );
  }

  /** Resolves when the scope closes, or when the login can never work as configured. */
  async #run(parent: Scope): Promise<void> {
    const { platform } = this.#deps;
    const backoff = new Backoff(platform.random);
    while (!parent.closed) {
      const began = platform.clock.monotonic();
      const scope = parent.child("connection");
      const failure = await this.#session(scope).catch((error: unknown) => error);
      await scope.close();
      this.#connection = undefined;
      this.#status.lastStopAt = platform.clock.now();
      if (parent.closed) return this.#set("stopped");
      const problem = errorText(failure);
      this.#status.lastError = problem;
      if (failure instanceof ChannelError && failure.kind === "auth") {
        this.#log.error(`stopped: ${problem}`);
        return this.#set("stopped", problem);
      }
      if (platform.clock.monotonic() - began > SETTLED_MS) backoff.reset();
      const wait = backoff.next(failure instanceof ChannelError ? failure.retryAfterMs : undefined);
      this.#status.reconnectAttempts = backoff.attempts;
      this.#log.warn(`not connected, again in ${Math.ceil(wait / 1000)} s: ${problem}`);
      this.#set("disconnected", problem);
      await platform.clock.sleep(wait, parent.signal).catch(() => undefined);
    }
  }

  async probe(timeoutMs: number): Promise<ChannelProbe | undefined> {
    const connection = this.#connection;
    if (!connection) return undefined;
    const { clock } = this.#deps.platform;
    const began = clock.monotonic();
    const elapsedMs = () => Math.round(clock.monotonic() - began);
    try {
      const { account } = await withDeadline(
        clock,
        timeoutMs,
        connection.probe(),
        () => new Error(`No answer within ${timeoutMs} ms.`),
      );
      return { ok: true, elapsedMs: elapsedMs(), account };
    } catch (error) {
      return { ok: false, elapsedMs: elapsedMs(), error: errorText(error) };
    }
  }

  /** One connection from opening to its end. Rejects with why it ended, unless the scope closed. */
  async #session(scope: Scope): Promise<void> {
    const { account, channel, outbound, platform } = this.#deps;
    this.#set("starting");
    this.#status.lastStartAt = platform.clock.now();
    await this.#lease(scope);
    const opening = channel.open(account, this.#link(scope));
    const connection = await withDeadline(platform.clock, OPEN_MS, opening, () => {
      void opening.then(
        (late) => late.close(),
        () => undefined,
      );
      return new ChannelError({ kind: "network", message: "The connection was not made within two minutes." });
    });
    scope.add("connection", () => connection.close());
    if (scope.closed) return;
    this.#connection = connection;
    scope.add("delivery", outbound.attach(channel, account, this.#watched(connection)));
    await Promise.race([connection.ended ?? new Promise<never>(() => {}), aborted(scope.signal)]);
  }

  async #lease(scope: Scope): Promise<void> {
    const { credential } = this.#deps.account;
    if (credential === undefined) return;
    const release = await takeLease(credential, this.#deps.platform);
    if (!release)
      throw new ChannelError({ kind: "network", message: "Another process on this machine uses this credential." });
    scope.add("lease", release);
  }

  #link(scope: Scope): ChannelLink {
    const { accept, account, channel, memory, menu, platform, routes } = this.#deps;
    return {
      clock: platform.clock,
      random: platform.random,
      fetch: platform.fetch,
      log: this.#log,
      signal: scope.signal,
      memory,
      menu,
      webhook: (webhook) => {
        const owner = `${channel.id}:${account.id}`;
        const end = routes.add(owner, webhookRoute(owner, webhook));
        scope.add("webhook", end);
        return end;
      },
      state: (state, problem) => {
        if (!scope.closed) this.#set(state, problem);
      },
      inbound: async (envelope) => {
        const { fresh } = await accept(envelope);
        this.#status.lastInboundAt = platform.clock.now();
        return fresh ? "accepted" : "duplicate";
      },
    };
  }

  /** The connection as delivery sees it: every message that was said leaves its time. */
  #watched(connection: ChannelConnection): ChannelConnection {
    return {
      ...(connection.typing ? { typing: (address) => connection.typing?.(address) ?? Promise.resolve() } : {}),
      ...(connection.react ? { react: (...args) => connection.react?.(...args) ?? Promise.resolve() } : {}),
      ...(connection.preview ? { preview: (...args) => connection.preview?.(...args) } : {}),
      ...(connection.download ? { download: connection.download.bind(connection) } : {}),
      probe: () => connection.probe(),
      close: () => connection.close(),
      send: async (message) => {
        const receipt = await connection.send(message);
        this.#status.lastOutboundAt = this.#deps.platform.clock.now();
        return receipt;
      },
    };
  }

  #set(state: ConnectionState, problem?: string): void {
    const before = this.#status;
    if (before.state === state && before.problem === problem) return;
    if (state === "connected") {
      this.#status.lastConnectedAt = this.#deps.platform.clock.now();
      this.#status.reconnectAttempts = 0;
      this.#log.info("connected");
    }
    this.#status.state = state;
    if (problem === undefined) delete this.#status.problem;
    else {
      this.#status.problem = problem;
      this.#status.lastError = problem;
    }
    this.#deps.changed(this.status);
  }
}

function initialStatus({ account, channel, duplicateOf }: AccountDeps): Mutable<AccountStatus> {
  const problem =
    duplicateOf === undefined
      ? account.configured
        ? undefined
        : account.missing
      : `duplicate credential: the account ${duplicateOf} has the same login`;
  return {
    channel: channel.id,
    account: account.id,
    label: channel.label,
    enabled: account.enabled,
    configured: account.configured,
    state:
      !account.enabled || duplicateOf !== undefined ? "disabled" : account.configured ? "stopped" : "not-configured",
    dmPolicy: account.dmPolicy,
    allowFrom: account.allowFrom,
    reconnectAttempts: 0,
    ...(account.name === undefined ? {} : { name: account.name }),
    ...(problem === undefined ? {} : { problem }),
    ...(account.credentialSource === undefined ? {} : { tokenSource: account.credentialSource }),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
