/** Devices that wait for their owner: until they are answered or too old, few in all and fewer from one address. */
import { uuid } from "../../base/ids.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { DeviceRequest, Devices } from "../../store/index.ts";
import { sameRequest, type DeviceAsk } from "./grants.ts";

const PENDING_MS = 300_000;
const MAX_PENDING = 100;
const MAX_PENDING_PER_ADDRESS = 3;

export interface RequestParts {
  readonly platform: Platform;
  readonly devices: Devices;
  readonly events: EventBus;
}

export class DeviceRequests {
  readonly #parts: RequestParts;

  constructor(parts: RequestParts) {
    this.#parts = parts;
  }

  async waiting(): Promise<DeviceRequest[]> {
    await this.sweep();
    return this.#parts.devices.requests();
  }

  async find(requestId: string): Promise<DeviceRequest | undefined> {
    const oldest = this.#oldest();
    const all = await this.#parts.devices.requests();
    return all.find((request) => request.requestId === requestId && request.ts > oldest);
  }

  /** Leaves a request, or refreshes the one that asks the same. Undefined when too many wait. */
  async leave(ask: DeviceAsk, isRepair: boolean): Promise<DeviceRequest | undefined> {
    const { devices, events, platform } = this.#parts;
    const waiting = await this.waiting();
    const now = platform.clock.now();
    const earlier = waiting.find((request) => request.deviceId === ask.deviceId);
    if (earlier !== undefined && sameRequest(earlier, ask)) {
      const again = { ...earlier, ts: now };
      await devices.putRequest(again);
      return again;
    }
    if (earlier !== undefined) await this.reject(earlier);
    const others = waiting.filter((request) => request !== earlier);
    const fromHere = others.filter((request) => request.remoteIp === ask.remoteIp);
    if (others.length >= MAX_PENDING || fromHere.length >= MAX_PENDING_PER_ADDRESS) return undefined;
    const request: DeviceRequest = { ...ask, requestId: uuid(platform.random), isRepair, ts: now };
    await devices.putRequest(request);
    events.publish("device.pair.requested", { ...request, roles: [request.role], silent: false });
    return request;
  }

  async approved(request: DeviceRequest): Promise<void> {
    await this.#parts.devices.removeRequest(request.requestId);
    this.#resolved(request.requestId, request.deviceId, "approved");
  }

  async reject(request: DeviceRequest): Promise<void> {
    if (await this.#parts.devices.removeRequest(request.requestId))
      this.#resolved(request.requestId, request.deviceId, "rejected");
  }

  async rejectAllOf(deviceId: string): Promise<void> {
    for (const request of await this.#parts.devices.requests())
      if (request.deviceId === deviceId) await this.reject(request);
  }

  /** Tells clients that a device was paired without anybody being asked. */
  unasked(deviceId: string): void {
    this.#resolved(uuid(this.#parts.platform.random), deviceId, "approved");
  }

  /** Drops requests that nobody answered. */
  async sweep(): Promise<void> {
    const oldest = this.#oldest();
    for (const request of await this.#parts.devices.requests()) {
      if (request.ts > oldest) continue;
      if (await this.#parts.devices.removeRequest(request.requestId))
        this.#resolved(request.requestId, request.deviceId, "expired");
    }
  }

  #oldest(): number {
    return this.#parts.platform.clock.now() - PENDING_MS;
  }

  #resolved(requestId: string, deviceId: string, decision: "approved" | "rejected" | "expired"): void {
    const { events, platform } = this.#parts;
    events.publish("device.pair.resolved", { requestId, deviceId, decision, ts: platform.clock.now() });
    if (decision === "approved") events.publish("device.pair.changed", {});
  }
}
