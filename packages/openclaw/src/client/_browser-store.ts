/** Identity and tokens in the browser's IndexedDB, one database per origin. */
import type { DeviceIdentity, DeviceStore, DeviceToken } from "./_device.ts";
import { memoryStore } from "./_memory-store.ts";
import { makeWebKeys, webIdentity } from "./_web-keys.ts";
import type { WebKeys } from "./_web-keys.ts";

const DATABASE = "openclaw-device";
const ITEMS = "items";

/** What the store needs of IndexedDB; Node's types do not have it. */
interface Request<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface Items {
  get(key: string): Request<unknown>;
  put(value: unknown, key: string): Request<unknown>;
  delete(key: string): Request<unknown>;
}
interface Database {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: "readonly" | "readwrite"): { objectStore(name: string): Items };
}
interface Factory {
  open(name: string, version: number): Request<Database> & { onupgradeneeded: (() => void) | null };
}

/** Falls back to memory where IndexedDB is missing or refused (private windows). */
export function browserStore(): DeviceStore {
  const memory = memoryStore();
  let opening: Promise<Database | undefined> | undefined;
  let identity: Promise<DeviceIdentity | undefined> | undefined;
  const database = () => (opening ??= open().catch(() => undefined));

  async function items<T>(mode: "readonly" | "readwrite", work: (items: Items) => Request<T>): Promise<T | undefined> {
    const db = await database();
    if (db === undefined) return undefined;
    return settle(work(db.transaction(ITEMS, mode).objectStore(ITEMS)));
  }

  async function makeIdentity(): Promise<DeviceIdentity | undefined> {
    if ((await database()) === undefined) return memory.identity();
    const kept = (await items("readonly", (all) => all.get("keys"))) as WebKeys | undefined;
    const keys = kept ?? (await makeWebKeys());
    if (keys === undefined) return undefined;
    if (kept === undefined) await items("readwrite", (all) => all.put(keys, "keys"));
    return webIdentity(keys);
  }

  return {
    identity: () => (identity ??= makeIdentity().catch(() => memory.identity())),
    token: async (gateway, role) => {
      if ((await database()) === undefined) return memory.token(gateway, role);
      return (await items("readonly", (all) => all.get(`token ${role} ${gateway}`))) as DeviceToken | undefined;
    },
    keepToken: async (gateway, role, token) => {
      if ((await database()) === undefined) return memory.keepToken(gateway, role, token);
      const key = `token ${role} ${gateway}`;
      await items<unknown>("readwrite", (all) => (token === undefined ? all.delete(key) : all.put(token, key)));
    },
  };
}

async function open(): Promise<Database | undefined> {
  const factory = (globalThis as { indexedDB?: Factory }).indexedDB;
  if (factory === undefined) return undefined;
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(ITEMS);
  return settle(request);
}

function settle<T>(request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
