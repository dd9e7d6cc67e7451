/** Open connections by device. */

export interface DeviceSocket {
  readonly deviceId: string;
  readonly role: string;
  close(): void;
}

export class DeviceSockets {
  readonly #byDevice = new Map<string, Set<DeviceSocket>>();

  /** Registers an open connection. Returns how to take it out again. */
  attach(socket: DeviceSocket): () => void {
    const known = this.#byDevice.get(socket.deviceId) ?? new Set();
    this.#byDevice.set(socket.deviceId, known.add(socket));
    return () => {
      known.delete(socket);
      if (known.size === 0 && this.#byDevice.get(socket.deviceId) === known) this.#byDevice.delete(socket.deviceId);
    };
  }

  count(deviceId: string): number {
    return this.#byDevice.get(deviceId)?.size ?? 0;
  }

  /** Closes the connections of a device, of one role or all. */
  disconnect(deviceId: string, role?: string): void {
    for (const socket of this.#byDevice.get(deviceId) ?? [])
      if (role === undefined || socket.role === role) socket.close();
  }
}
