/** Devices that are paired, and those that ask to be. */

export interface DeviceToken {
  readonly role: string;
  readonly scopes: readonly string[];
  /** Raised at every rotation, revocation or scope change; part of the token's derivation. */
  readonly generation: number;
  readonly createdAtMs: number;
  readonly rotatedAtMs?: number;
  readonly revokedAtMs?: number;
  readonly lastUsedAtMs?: number;
  /** SHA-256 of a bearer that an earlier installation gave out; good until this token changes. */
  readonly importedDigest?: string;
}

export interface DeviceRow {
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly label?: string;
  readonly platform: string;
  readonly deviceFamily?: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly remoteIp?: string;
  readonly approvedVia: "silent" | "owner" | "bootstrap" | "trusted-cidr";
  readonly createdAtMs: number;
  readonly approvedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly tokens: readonly DeviceToken[];
}

export interface DeviceRequest {
  readonly requestId: string;
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly platform: string;
  readonly deviceFamily?: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly remoteIp?: string;
  readonly isRepair: boolean;
  readonly ts: number;
}

export interface Devices {
  get(deviceId: string): Promise<DeviceRow | undefined>;
  put(row: DeviceRow): Promise<void>;
  remove(deviceId: string): Promise<boolean>;
  list(): Promise<DeviceRow[]>;
  requests(): Promise<DeviceRequest[]>;
  putRequest(request: DeviceRequest): Promise<void>;
  removeRequest(requestId: string): Promise<boolean>;
}
