/**
 * Setup codes: single-use tokens that pair a phone without asking. Kept in memory and as digests only, so
 * that a restart ends them and no bearer is ever at rest.
 */
import { secretToken, sha256, uuid } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import type { Caller, EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";

/** What the phone may do as an operator: everyday use, neither administration nor pairing. */
const LIMITED = ["operator.approvals", "operator.read", "operator.talk.secrets", "operator.write"] as const;
const VALID_MS = 600_000;
const MAX_CODES = 100;

export interface SetupCode {
  readonly setupId: string;
  readonly access: "limited";
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

export interface SetupCompletion {
  readonly deviceId: string;
  readonly deviceName?: string;
  readonly access: SetupCode["access"];
  readonly ts: number;
}

export class SetupCodes {
  readonly #platform: Platform;
  readonly #events: EventBus;
  /** By digest of the token. */
  readonly #open = new Map<string, SetupCode>();
  readonly #done = new Map<string, SetupCompletion | "uncertain">();

  constructor(platform: Platform, events: EventBus) {
    this.#platform = platform;
    this.#events = events;
  }

  /** A new code; `token` exists nowhere else. */
  make(): { readonly code: SetupCode; readonly token: string } {
    this.#expire();
    const token = secretToken(this.#platform.random);
    const code: SetupCode = {
      setupId: uuid(this.#platform.random),
      access: "limited",
      scopes: LIMITED,
      expiresAtMs: this.#platform.clock.now() + VALID_MS,
    };
    this.#open.set(sha256(token), code);
    dropOldest(this.#open);
    return { code, token };
  }

  /** Whether a token may still be used. */
  knows(token: string): boolean {
    this.#expire();
    return this.#open.has(sha256(token));
  }

  /** Uses a token up. */
  take(token: string): SetupCode | undefined {
    if (!this.knows(token)) return undefined;
    const digest = sha256(token);
    const code = this.#open.get(digest);
    this.#open.delete(digest);
    return code;
  }

  /** The device of a code is paired, but its connection broke before it could learn that. */
  lost({ setupId }: SetupCode): void {
    this.#done.set(setupId, "uncertain");
    dropOldest(this.#done);
  }

  /** The device of a code is paired and was told so. */
  completed({ setupId, access }: SetupCode, { deviceId, client }: Pick<Caller, "deviceId" | "client">): void {
    const ts = this.#platform.clock.now();
    const completion = compact({ deviceId, deviceName: client.displayName, access, ts }) as unknown as SetupCompletion;
    this.#done.set(setupId, completion);
    dropOldest(this.#done);
    this.#events.publish("device.pair.setup.completed", { setupId, ...completion });
  }

  completion(setupId: string): SetupCompletion | "uncertain" | undefined {
    return this.#done.get(setupId);
  }

  #expire(): void {
    const now = this.#platform.clock.now();
    for (const [digest, { expiresAtMs }] of this.#open) if (expiresAtMs <= now) this.#open.delete(digest);
  }
}

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (map.size > MAX_CODES && oldest !== undefined) map.delete(oldest);
}
