import type { DeviceIdentity, DeviceStore, DeviceToken } from "./_device.ts";
import { makeWebKeys, webIdentity } from "./_web-keys.ts";

/** Keeps identity and tokens for as long as the process or page lives. */
export function memoryStore(): DeviceStore {
  const tokens = new Map<string, DeviceToken>();
  let identity: Promise<DeviceIdentity | undefined> | undefined;
  return {
    identity: () => (identity ??= makeWebKeys().then((keys) => (keys === undefined ? undefined : webIdentity(keys)))),
    token: async (gateway, role) => tokens.get(`${role} ${gateway}`),
    keepToken: async (gateway, role, token) => {
      if (token === undefined) tokens.delete(`${role} ${gateway}`);
      else tokens.set(`${role} ${gateway}`, token);
    },
  };
}
