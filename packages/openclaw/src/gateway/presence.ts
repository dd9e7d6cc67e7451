/** Who is here: the gateway itself and the clients that stay connected. In memory, bounded. */
import { hostname, release, type as systemType } from "node:os";
import { compact } from "../base/text.ts";
import type { EventBus } from "../contracts/method.ts";
import type { Platform } from "../contracts/service.ts";

export interface PresenceEntry {
  readonly host?: string;
  readonly ip?: string;
  readonly version?: string;
  readonly platform?: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly mode?: string;
  readonly reason?: string;
  readonly instanceId?: string;
  readonly deviceId?: string;
  readonly clientId?: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly onlineSince?: number;
  readonly lastInputSeconds?: number;
  readonly tags?: readonly string[];
  /** One line for people. */
  readonly text: string;
  readonly ts: number;
}

const TTL_MS = 300_000;
const MAX_ENTRIES = 200;
/** Clients of these kinds come and go within one command. */
const PASSING = new Set(["cli", "probe", "backend"]);

export class PresenceList {
  readonly #platform: Platform;
  readonly #events: EventBus;
  readonly #self: PresenceEntry;
  readonly #entries = new Map<string, { entry: PresenceEntry; open: number }>();

  constructor(platform: Platform, events: EventBus) {
    this.#platform = platform;
    this.#events = events;
    const host = hostname();
    this.#self = {
      host,
      version: platform.version,
      platform: `${systemType().toLowerCase()} ${release()}`,
      deviceFamily: systemType(),
      mode: "gateway",
      reason: "self",
      text: `Gateway: ${host} · app ${platform.version} · mode gateway · reason self`,
      ts: platform.clock.now(),
    };
  }

  /** The gateway first, then clients, newest first. */
  list(): PresenceEntry[] {
    this.#expire();
    const clients = [...this.#entries.values()].map(({ entry }) => entry);
    return [{ ...this.#self, ts: this.#platform.clock.now() }, ...clients.sort((a, b) => b.ts - a.ts)];
  }

  /** A client connected. Returns how to say that it left; undefined for clients that are not listed. */
  arrived(
    client: Omit<PresenceEntry, "text" | "ts" | "reason" | "onlineSince"> & { readonly connId: string },
  ): (() => void) | undefined {
    if (client.mode !== undefined && PASSING.has(client.mode)) return undefined;
    const { connId, ...shown } = client;
    const key = client.deviceId ?? client.instanceId?.toLowerCase() ?? connId;
    const known = this.#entries.get(key);
    const now = this.#platform.clock.now();
    this.#makeRoom();
    this.#entries.set(key, {
      entry: this.#entry(shown, "connect", known?.entry.onlineSince ?? now),
      open: (known?.open ?? 0) + 1,
    });
    this.#announce();
    return () => this.#left(key);
  }

  /** A machine tells about itself. What names none changes nothing; clients are told all the same. */
  reported(about: Omit<PresenceEntry, "ts">): void {
    const key = about.deviceId ?? about.instanceId?.toLowerCase() ?? about.host?.toLowerCase();
    if (key !== undefined) {
      const known = this.#entries.get(key);
      this.#makeRoom();
      const entry = compact({ ...known?.entry, reason: "periodic", ...about, ts: this.#platform.clock.now() });
      this.#entries.set(key, { entry: entry as PresenceEntry, open: known?.open ?? 0 });
    }
    this.#announce();
  }

  #left(key: string): void {
    const known = this.#entries.get(key);
    if (known === undefined) return;
    known.open -= 1;
    if (known.open > 0) return;
    const { onlineSince: _, ...rest } = known.entry;
    this.#entries.set(key, { entry: this.#entry(rest, "disconnect"), open: 0 });
    this.#announce();
  }

  #entry(client: Omit<PresenceEntry, "text" | "ts" | "reason">, reason: string, onlineSince?: number): PresenceEntry {
    const name = client.host ?? client.clientId ?? "client";
    const parts = [
      `Client: ${name}`,
      client.version === undefined ? "" : `app ${client.version}`,
      `mode ${client.mode ?? "unknown"}`,
      `reason ${reason}`,
    ];
    const text = parts.filter((part) => part !== "").join(" · ");
    return compact({ ...client, reason, onlineSince, text, ts: this.#platform.clock.now() }) as PresenceEntry;
  }

  #announce(): void {
    this.#events.publish("presence", { presence: this.list() });
  }

  #expire(): void {
    const oldest = this.#platform.clock.now() - TTL_MS;
    for (const [key, { entry, open }] of this.#entries) if (open === 0 && entry.ts < oldest) this.#entries.delete(key);
  }

  #makeRoom(): void {
    this.#expire();
    if (this.#entries.size < MAX_ENTRIES) return;
    const leaving = [...this.#entries].sort(
      ([, a], [, b]) => Number(a.open > 0) - Number(b.open > 0) || a.entry.ts - b.entry.ts,
    )[0];
    if (leaving !== undefined) this.#entries.delete(leaving[0]);
  }
}
