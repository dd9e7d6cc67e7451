/** Logging in: identity, credential and proof for `connect`, and the device token that comes back. */
import { compact } from "../base/text.ts";
import { chooseAuth } from "./_credentials.ts";
import type { Auth } from "./_credentials.ts";
import { prove } from "./_device.ts";
import type { ConnectOptions } from "./_gateway.ts";
import type { Challenge, Hello } from "./_protocol.ts";

export interface Login {
  readonly auth: Auth;
  /** Of `connect`, signed where there is a device. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** `tryStored`: the shared secret was refused, and the kept device token may do. */
export async function loginFor(options: ConnectOptions, challenge: Challenge, tryStored: boolean): Promise<Login> {
  const { client, token, password, bootstrapToken, store, role = "operator", caps = [], extra } = options;
  const device = options.device ?? (await store?.identity());
  const kept = device === undefined ? undefined : await store?.token(options.url, role);
  const given = compact({ token, password, bootstrapToken });
  const auth = chooseAuth(given, kept?.token, tryStored);
  // A stored token carries what was approved; asking for more would be refused.
  const wanted = auth.deviceToken === undefined ? options.scopes : (kept?.scopes ?? options.scopes);
  const scopes = wanted ?? [];
  const params = { minProtocol: 3, maxProtocol: 4, client, role, scopes, caps, auth, ...extra };
  if (device === undefined) return { auth, params };
  const proof = await prove(device, {
    clientId: client.id,
    clientMode: client.mode,
    role,
    scopes,
    signedAt: challenge.ts,
    token: auth.token ?? auth.deviceToken ?? auth.bootstrapToken ?? "",
    nonce: challenge.nonce,
    platform: client.platform,
    deviceFamily: client.deviceFamily ?? "",
  });
  return { auth, params: { ...params, device: proof } };
}

/** Keeps the device token of a login, and those for further roles where nobody in between could read them. */
export async function keepToken({ store, url }: ConnectOptions, hello: Hello): Promise<void> {
  const { deviceToken: token, deviceTokens = [] } = hello.auth;
  if (store === undefined || token === undefined) return;
  try {
    if (mayHoldSecrets(url))
      for (const { deviceToken, role, scopes } of deviceTokens)
        await store.keepToken(url, role, { token: deviceToken, scopes });
    const kept = await store.token(url, hello.auth.role);
    // lint-allow compare: this device's own token and its own copy of it
    if (kept?.token !== token) await store.keepToken(url, hello.auth.role, { token, scopes: hello.auth.scopes });
  } catch {
    // A full or read-only disk costs the next login its device token, not this connection.
  }
}

/** Whether a device token may be offered unasked: only where nobody in between can read it. */
export function mayHoldSecrets(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "wss:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
