/** Tells the log, once an hour for each, about peers that send forwarding headers without being a trusted proxy. */
import type { IncomingMessage } from "node:http";
import type { Platform } from "../../contracts/service.ts";
import { strangerOf } from "../_http/http-auth.ts";
import type { Settings } from "../_listen/settings.ts";

const EVERY_MS = 3_600_000;
const MAX_PEERS = 1000;

export class UnlistedProxies {
  readonly #platform: Pick<Platform, "clock" | "log">;
  readonly #settings: Settings;
  readonly #told = new Map<string, number>();

  constructor(platform: Pick<Platform, "clock" | "log">, settings: Settings) {
    this.#platform = platform;
    this.#settings = settings;
  }

  look(request: IncomingMessage): void {
    const { forwarding, address } = strangerOf(request, this.#settings);
    if (forwarding !== "untrusted") return;
    const now = this.#platform.clock.monotonic();
    const last = this.#told.get(address);
    if (last !== undefined && now - last < EVERY_MS) return;
    if (this.#told.size >= MAX_PEERS) this.#told.clear();
    this.#told.set(address, now);
    this.#platform.log
      .for("gateway")
      .warn("forwarding headers came from a peer that is no trusted proxy: list it in gateway.trustedProxies", {
        peer: address,
      });
  }
}
