/** Devices: who is paired, who waits, and the tokens that let them in without the shared secret. */
import { secretsEqual } from "../../base/compare.ts";
import { sha256 } from "../../base/ids.ts";
import { KeyedSerial } from "../../base/queue.ts";
import { compact } from "../../base/text.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { DeviceRequest, DeviceRow, Devices } from "../../store/index.ts";
import { approved, needOf, restored, revoked, rotated, seen, tokenOf, type DeviceAsk, type Need } from "./grants.ts";
import { DeviceSockets } from "./device-sockets.ts";
import type { GatewayKey } from "./gateway-key.ts";
import { DeviceRequests, type RequestParts } from "./requests.ts";

const SEEN_EVERY_MS = 60_000;
const RETIRED_AFTER_MS = 30 * 86_400_000;

export type Admission =
  | Issued
  | { readonly ok: false; readonly need: Need; readonly request?: DeviceRequest; readonly row?: DeviceRow };

/** Why a device is paired without asking its owner. */
export type Approval = "silent" | "trusted-cidr";

export interface Issued {
  readonly ok: true;
  readonly token: string;
  readonly issuedAtMs: number;
}

export class PairingDesk {
  readonly #platform: Platform;
  readonly #devices: Devices;
  readonly #events: EventBus;
  readonly #key: GatewayKey;
  readonly #serial = new KeyedSerial();
  readonly #requests: DeviceRequests;
  readonly sockets = new DeviceSockets();

  constructor(parts: RequestParts & { readonly key: GatewayKey }) {
    this.#platform = parts.platform;
    this.#devices = parts.devices;
    this.#events = parts.events;
    this.#key = parts.key;
    this.#requests = new DeviceRequests(parts);
  }

  identity(): { readonly deviceId: string; readonly publicKey: string } {
    return this.#key.identity();
  }

  get(deviceId: string): Promise<DeviceRow | undefined> {
    return this.#devices.get(deviceId);
  }

  /** The record of a device whose token this is, for that role; undefined for any other token. */
  async byToken(deviceId: string, role: string, token: string): Promise<DeviceRow | undefined> {
    const row = await this.#devices.get(deviceId);
    const known = tokenOf(row, role);
    if (known === undefined || known.revokedAtMs !== undefined) return undefined;
    const ours = secretsEqual(token, this.#key.deviceToken(deviceId, role, known.generation));
    const imported = known.importedDigest !== undefined && secretsEqual(sha256(token), known.importedDigest);
    return ours || imported ? row : undefined;
  }

  /**
   * Lets a proven device in with what it asks. `via`: what is missing is approved at once (`trusted-cidr` only
   * for a device that is new); otherwise a request is left for the owner.
   */
  admit(ask: DeviceAsk, via: Approval | undefined): Promise<Admission> {
    return this.#serial.run(ask.deviceId, async () => {
      const row = await this.#devices.get(ask.deviceId);
      const need = needOf(row, ask);
      const approval = via === "trusted-cidr" && need !== "not-paired" ? undefined : via;
      if (need !== undefined && approval === undefined)
        return compact({ ok: false as const, need, request: await this.#requests.leave(ask, row !== undefined), row });
      const now = this.#platform.clock.now();
      const current = need === undefined && row !== undefined ? row : approved(row, ask, approval ?? "silent", now);
      const live = tokenOf(current, ask.role)?.revokedAtMs === undefined ? current : restored(current, ask.role, now);
      if (live !== row) await this.#devices.put(live);
      if (need !== undefined) this.#requests.unasked(ask.deviceId);
      return this.#issued(live, ask.role);
    });
  }

  /** Pairs the device of a setup code as a node, and as an operator with these scopes. */
  setUp(ask: DeviceAsk, scopes: readonly string[]): Promise<readonly [node: Issued, operator: Issued]> {
    return this.#serial.run(ask.deviceId, async () => {
      const now = this.#platform.clock.now();
      const node = approved(await this.#devices.get(ask.deviceId), ask, "bootstrap", now);
      const both = approved(node, { ...ask, role: "operator", scopes }, "bootstrap", now);
      await this.#devices.put(both);
      await this.#requests.rejectAllOf(ask.deviceId);
      this.#requests.unasked(ask.deviceId);
      return [this.#issued(both, "node"), this.#issued(both, "operator")] as const;
    });
  }

  async list(): Promise<{ pending: DeviceRequest[]; paired: DeviceRow[] }> {
    return { pending: await this.#requests.waiting(), paired: await this.#devices.list() };
  }

  request(requestId: string): Promise<DeviceRequest | undefined> {
    return this.#requests.find(requestId);
  }

  /** Pairs the device of a waiting request. Whoever calls has checked that the approver may. */
  approve(request: DeviceRequest): Promise<DeviceRow> {
    return this.#serial.run(request.deviceId, async () => {
      const row = await this.#devices.get(request.deviceId);
      const ask: DeviceAsk = { ...request, remoteIp: request.remoteIp ?? "" };
      const paired = approved(row, ask, "owner", this.#platform.clock.now());
      await this.#devices.put(paired);
      await this.#requests.approved(request);
      return paired;
    });
  }

  reject(request: DeviceRequest): Promise<void> {
    return this.#requests.reject(request);
  }

  /** Forgets a device with its tokens and requests. False when it is not known. */
  remove(deviceId: string): Promise<boolean> {
    return this.#serial.run(deviceId, async () => {
      await this.#requests.rejectAllOf(deviceId);
      const removed = await this.#devices.remove(deviceId);
      if (removed) this.#events.publish("device.pair.changed", {});
      return removed;
    });
  }

  /** Renews a token; undefined when the device has none for that role or may not have these scopes. */
  rotate(deviceId: string, role: string, scopes: (row: DeviceRow) => readonly string[] | undefined) {
    return this.#serial.run(deviceId, async () => {
      const row = await this.#devices.get(deviceId);
      const wanted = row === undefined || tokenOf(row, role) === undefined ? undefined : scopes(row);
      if (row === undefined || wanted === undefined) return undefined;
      const now = this.#platform.clock.now();
      const renewed = rotated(row, role, wanted, now);
      await this.#devices.put(renewed);
      const { token } = this.#issued(renewed, role);
      return { token, scopes: wanted, rotatedAtMs: now };
    });
  }

  /** Switches a token off; undefined when there is none. */
  revoke(deviceId: string, role: string): Promise<number | undefined> {
    return this.#serial.run(deviceId, async () => {
      const row = await this.#devices.get(deviceId);
      if (row === undefined || tokenOf(row, role) === undefined) return undefined;
      const now = this.#platform.clock.now();
      await this.#devices.put(revoked(row, role, now));
      return now;
    });
  }

  /** Notes that a device was here, at most once a minute. False when it is not paired any more. */
  noteSeen(deviceId: string, role: string): Promise<boolean> {
    return this.#serial.run(deviceId, async () => {
      const row = await this.#devices.get(deviceId);
      const now = this.#platform.clock.now();
      if (row !== undefined && now - row.lastSeenAtMs >= SEEN_EVERY_MS) await this.#devices.put(seen(row, role, now));
      return row !== undefined;
    });
  }

  /** Drops requests that nobody answered. */
  sweep(): Promise<void> {
    return this.#requests.sweep();
  }

  /** Gives a device another name than it says of itself. False when it is not known. */
  rename(deviceId: string, label: string): Promise<boolean> {
    return this.#serial.run(deviceId, async () => {
      const row = await this.#devices.get(deviceId);
      if (row === undefined) return false;
      await this.#devices.put({ ...row, label });
      this.#events.publish("device.pair.changed", {});
      return true;
    });
  }

  /** Forgets devices that were approved silently and did not come back for a month. */
  async retire(): Promise<number> {
    const oldest = this.#platform.clock.now() - RETIRED_AFTER_MS;
    const stale = (await this.#devices.list()).filter(
      (row) => row.approvedVia === "silent" && Math.max(row.lastSeenAtMs, row.approvedAtMs) < oldest,
    );
    for (const { deviceId } of stale) await this.remove(deviceId);
    return stale.length;
  }

  #issued(row: DeviceRow, role: string): Issued {
    const token = tokenOf(row, role);
    if (token === undefined) throw new Error(`no token record for role ${role}`);
    return {
      ok: true,
      token: this.#key.deviceToken(row.deviceId, role, token.generation),
      issuedAtMs: token.rotatedAtMs ?? token.createdAtMs,
    };
  }
}
