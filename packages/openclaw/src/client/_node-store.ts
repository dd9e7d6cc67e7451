/** Identity and tokens in `<state>/identity/device.json`, owner only. Loaded in Node only. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { join } from "node:path";
import { ensureDir, readText, writeDurable } from "../base/files.ts";
import type { DeviceIdentity, DeviceStore, DeviceToken } from "./_device.ts";
import { errors } from "./errors.ts";

interface DeviceFile {
  readonly version: 1;
  readonly deviceId: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** By `<role> <gateway>`. */
  readonly tokens: Readonly<Record<string, DeviceToken>>;
}

/** Bytes of an SPKI-encoded Ed25519 key before the 32 raw ones (RFC 8410). */
const SPKI_PREFIX = 12;
const MAX_BYTES = 1 << 20;

/** `stateDir`: the state directory of this user. Rejects with `DEVICE_FILE_UNREADABLE` when the file is damaged. */
export function openNodeStore(stateDir: string): DeviceStore {
  const folder = join(stateDir, "identity");
  const path = join(folder, "device.json");
  let changes: Promise<unknown> = Promise.resolve();

  async function read(): Promise<DeviceFile | undefined> {
    const text = await readText(path, MAX_BYTES);
    if (text === undefined) return undefined;
    try {
      const file = JSON.parse(text) as DeviceFile;
      createPrivateKey(file.privateKey);
      return file;
    } catch (cause) {
      throw errors.DEVICE_FILE_UNREADABLE({ path }).with({ cause });
    }
  }

  /** One change at a time, so that two callers do not both make a key. */
  function change(edit: (file: DeviceFile) => DeviceFile): Promise<DeviceFile> {
    const next = changes.then(async () => {
      const kept = await read();
      const before = kept ?? makeFile();
      const after = edit(before);
      if (kept !== after) {
        await ensureDir(folder);
        await writeDurable(path, `${JSON.stringify(after, null, 2)}\n`);
      }
      return after;
    });
    changes = next.catch(() => {});
    return next;
  }

  return {
    identity: async () => identityOf(await change((file) => file)),
    token: async (gateway, role) => (await read())?.tokens[`${role} ${gateway}`],
    keepToken: async (gateway, role, token) => {
      await change((file) => {
        const { [`${role} ${gateway}`]: _old, ...others } = file.tokens;
        return { ...file, tokens: token === undefined ? others : { ...others, [`${role} ${gateway}`]: token } };
      });
    },
  };
}

function makeFile(): DeviceFile {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { version: 1, deviceId: rawPublicKey(pem).id, privateKey: pem, tokens: {} };
}

function rawPublicKey(privateKey: string): { id: string; raw: Buffer } {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const raw = spki.subarray(SPKI_PREFIX);
  return { id: createHash("sha256").update(raw).digest("hex"), raw };
}

function identityOf(file: DeviceFile): DeviceIdentity {
  const { id, raw } = rawPublicKey(file.privateKey);
  const key = createPrivateKey(file.privateKey);
  return { id, publicKey: raw.toString("base64url"), sign: async (data) => sign(null, data, key) };
}
