/**
 * The user whom Tailscale Serve names. The header alone proves nothing: anybody on this machine can send it,
 * so the local daemon is asked whose address it is that was forwarded.
 */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { KeyedSerial, Limiter } from "../../base/queue.ts";
import type { Platform } from "../../contracts/service.ts";
import { isLoopback, plainAddress } from "./client-address.ts";
import { headerOf } from "./proxy-identity.ts";
import { runTailscale } from "../_listen/tailscale.ts";

/** What Serve adds to a request; not yet believed. */
export interface TailscaleClaim {
  readonly login: string;
  /** Of the client in the tailnet. */
  readonly address: string;
}

const KNOWN_MS = 60_000;
const UNKNOWN_MS = 5000;
const MAX_KNOWN = 256;

/** What a request on loopback says; undefined when it does not look like one of Serve. */
export function tailscaleClaim(
  request: Pick<IncomingMessage, "headersDistinct"> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  },
): TailscaleClaim | undefined {
  if (!isLoopback(plainAddress(request.socket.remoteAddress ?? ""))) return undefined;
  const login = headerOf(request, "tailscale-user-login");
  const address = plainAddress(headerOf(request, "x-forwarded-for") ?? "");
  const proxied = headerOf(request, "x-forwarded-proto") && headerOf(request, "x-forwarded-host");
  return login && proxied && isIP(address) !== 0 && !isLoopback(address) ? { login, address } : undefined;
}

/** Asks the daemon; one question per address at a time, answers kept for a short while. */
export class TailscaleUsers {
  readonly #platform: Platform;
  readonly #serial = new KeyedSerial();
  readonly #places = new Limiter(2, 32);
  readonly #known = new Map<string, { readonly login: string | undefined; readonly until: number }>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Whether the address belongs to the user that the request names. Never rejects. */
  async verify({ login, address }: TailscaleClaim): Promise<boolean> {
    const found = await this.#serial.run(address, () => this.#loginOf(address));
    return found !== undefined && found.toLowerCase() === login.toLowerCase();
  }

  async #loginOf(address: string): Promise<string | undefined> {
    const { clock } = this.#platform;
    const known = this.#known.get(address);
    if (known !== undefined && known.until > clock.monotonic()) return known.login;
    const leave = await this.#places.enter();
    if (leave === undefined) return undefined;
    try {
      const login = await whois(this.#platform, address);
      this.#known.delete(address);
      this.#known.set(address, { login, until: clock.monotonic() + (login === undefined ? UNKNOWN_MS : KNOWN_MS) });
      const oldest = this.#known.keys().next().value;
      if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
      return login;
    } finally {
      leave();
    }
  }
}

async function whois(platform: Platform, address: string): Promise<string | undefined> {
  const answer = await runTailscale(platform, ["whois", "--json", address]).catch(() => undefined);
  if (answer === undefined) return undefined;
  try {
    const { UserProfile } = JSON.parse(answer) as { UserProfile?: { LoginName?: unknown } };
    const login = UserProfile?.LoginName;
    return typeof login === "string" && login !== "" ? login : undefined;
  } catch {
    return undefined;
  }
}
