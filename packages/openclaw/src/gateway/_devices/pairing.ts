/** Devices: who is paired, who waits, and the tokens that let them in without the shared secret. */
import { secretsEqual } from "../../base/compare.ts";
import { sha256, uuid } from "../../base/ids.ts";
import { KeyedSerial } from "../../base/queue.ts";
import { compact } from "../../base/text.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { DeviceRequest, DeviceRow, Devices } from "../../store/index.ts";
import {
  approved,
  needOf,
  restored,
  revoked,
  rotated,
  sameRequest,
  seen,
  tokenOf,
  type DeviceAsk,
  type Need,
} from "./grants.ts";
import { DeviceSockets } from "./device-sockets.ts";
import type { GatewayKey } from "./gateway-key.ts";

const PENDING_MS = 300_000;
const MAX_PENDING = 100;
const MAX_PENDING_PER_ADDRESS = 3;
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
  readonly sockets = new DeviceSockets();

  constructor(parts: { platform: Platform; devices: Devices; events: EventBus; key: GatewayKey }) {
    this.#platform = parts.platform;
    this.#devices = parts.devices;
    this.#events = parts.events;
    this.#key = parts.key;
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
        return compact({ ok: false as const, need, request: await this.#wait(ask, row), row });
      const now = this.#platform.clock.now();
      const current = need === undefined && row !== undefined ? row : approved(row, ask, approval ?? "silent", now);
      const live = tokenOf(current, ask.role)?.revokedAtMs === undefined ? current : restored(current, ask.role, now);
      if (live !== row) await this.#devices.put(live);
      if (need !== undefined) this.#resolved(uuid(this.#platform.random), ask.deviceId, "approved");
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
      await this.#dropRequests(ask.deviceId);
      this.#resolved(uuid(this.#platform.random), ask.deviceId, "approved");
      return [this.#issued(both, "node"), this.#issued(both, "operator")] as const;
    });
  }

  async list(): Promise<{ pending: DeviceRequest[]; paired: DeviceRow[] }> {
    await this.sweep();
    return { pending: await this.#devices.requests(), paired: await this.#devices.list() };
  }

  async request(requestId: string): Promise<DeviceRequest | undefined> {
    const oldest = this.#platform.clock.now() - PENDING_MS;
    return (await this.#devices.requests()).find((request) => request.requestId === requestId && request.ts > oldest);
  }

  /** Pairs the device of a waiting request. Whoever calls has checked that the approver may. */
  approve(request: DeviceRequest): Promise<DeviceRow> {
    return this.#serial.run(request.deviceId, async () => {
      const row = await this.#devices.get(request.deviceId);
      const ask: DeviceAsk = { ...request, remoteIp: request.remoteIp ?? "" };
      const paired = approved(row, ask, "owner", this.#platform.clock.now());
      await this.#devices.put(paired);
      await this.#devices.removeRequest(request.requestId);
      this.#resolved(request.requestId, request.deviceId, "approved");
      return paired;
    });
  }

  async reject(request: DeviceRequest): Promise<void> {
    if (await this.#devices.removeRequest(request.requestId))
      this.#resolved(request.requestId, request.deviceId, "rejected");
  }

  /** Forgets a device with its tokens and requests. False when it is not known. */
  remove(deviceId: string): Promise<boolean> {
    return this.#serial.run(deviceId, async () => {
      await this.#dropRequests(deviceId);
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
  async sweep(): Promise<void> {
    const oldest = this.#platform.clock.now() - PENDING_MS;
    for (const request of await this.#devices.requests()) {
      if (request.ts > oldest) continue;
      if (await this.#devices.removeRequest(request.requestId))
        this.#resolved(request.requestId, request.deviceId, "expired");
    }
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

  async #dropRequests(deviceId: string): Promise<void> {
    for (const request of await this.#devices.requests()) if (request.deviceId === deviceId) await this.reject(request);
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

  /** Leaves a request, or refreshes the one that asks the same. Undefined when too many wait. */
  async #wait(ask: DeviceAsk, row: DeviceRow | undefined): Promise<DeviceRequest | undefined> {
    await this.sweep();
    const waiting = await this.#devices.requests();
    const now = this.#platform.clock.now();
    const earlier = waiting.find((request) => request.deviceId === ask.deviceId);
    if (earlier !== undefined && sameRequest(earlier, ask)) {
      const again = { ...earlier, ts: now };
      await this.#devices.putRequest(again);
      return again;
    }
    if (earlier !== undefined) await this.reject(earlier);
    const others = waiting.filter((request) => request !== earlier);
    const fromHere = others.filter((request) => request.remoteIp === ask.remoteIp);
    if (others.length >= MAX_PENDING || fromHere.length >= MAX_PENDING_PER_ADDRESS) return undefined;
    const request: DeviceRequest = {
      ...ask,
      requestId: uuid(this.#platform.random),
      isRepair: row !== undefined,
      ts: now,
    };
    await this.#devices.putRequest(request);
    this.#events.publish("device.pair.requested", { ...request, roles: [request.role], silent: false });
    return request;
  }

  #resolved(requestId: string, deviceId: string, decision: "approved" | "rejected" | "expired"): void {
    this.#events.publish("device.pair.resolved", { requestId, deviceId, decision, ts: this.#platform.clock.now() });
    if (decision === "approved") this.#events.publish("device.pair.changed", {});
  }
}
