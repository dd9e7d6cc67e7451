/** A client that speaks the protocol frame by frame, with a device that signs. For tests. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { WebSocket, type ClientOptions } from "ws";
import { TOKEN } from "./_gateway.ts";

export interface Device {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  readonly key: KeyObject;
}

export const ALL_SCOPES = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
  "operator.questions",
];

export function newDevice(): Device {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  return {
    id: createHash("sha256").update(raw).digest("hex"),
    publicKey: raw.toString("base64url"),
    privateKey,
    key: publicKey,
  };
}

export interface Frame {
  readonly type: "res" | "event";
  readonly id?: string | number;
  readonly ok?: boolean;
  readonly payload?: any;
  readonly error?: {
    code: string;
    message: string;
    details?: Record<string, unknown>;
    retryable?: boolean;
    retryAfterMs?: number;
  };
  readonly event?: string;
  readonly seq?: number;
  readonly stateVersion?: { presence: number; health: number };
}

/** What a test may say about a connection; everything has a sensible value. */
export interface Say {
  readonly device?: Device | undefined;
  readonly client?: Partial<{
    id: string;
    mode: string;
    version: string;
    platform: string;
    deviceFamily: string;
    instanceId: string;
    displayName: string;
  }>;
  readonly scopes?: readonly string[] | undefined;
  readonly role?: string;
  readonly caps?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly auth?: { token?: string; password?: string; deviceToken?: string; bootstrapToken?: string };
  /** Changes the proof before it is sent. */
  readonly proof?: Partial<{
    version: "v1" | "v2" | "v3";
    token: string;
    platform: string;
    scopes: readonly string[];
    nonce: string;
    sentNonce: string | undefined;
    signedAt: number;
    id: string;
    publicKey: string;
    signature: string;
    pem: boolean;
  }>;
  /** Changes the params before they are sent. */
  readonly change?: (params: Record<string, any>) => void;
}

export class Client {
  readonly ws: WebSocket;
  readonly frames: Frame[] = [];
  readonly #waiters = new Set<() => void>();
  closed: { code: number; reason: string } | undefined;
  upgradeStatus: number | undefined;
  #ids = 0;

  constructor(url: string, options: ClientOptions = {}) {
    this.ws = new WebSocket(url, options);
    this.ws.on("message", (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.ws.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#wake();
    });
    this.ws.on("unexpected-response", (_, response) => {
      this.upgradeStatus = response.statusCode;
      response.resume();
      this.ws.terminate();
      this.#wake();
    });
    this.ws.on("error", () => this.#wake());
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }

  /** Waits until `check` gives something. */
  async until<T>(check: () => T | undefined | false, ms = 5000): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = check();
      if (found !== undefined && found !== false) return found;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `timed out; closed: ${JSON.stringify(this.closed)}; last frames: ${JSON.stringify(this.frames.slice(-3))}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 250));
        const wake = () => {
          clearTimeout(timer);
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
  }

  challenge(): Promise<{ nonce: string; ts: number }> {
    return this.until(() => this.frames.find((frame) => frame.event === "connect.challenge")?.payload);
  }

  ended(ms?: number): Promise<{ code: number; reason: string }> {
    return this.until(() => this.closed, ms);
  }

  refusedUpgrade(): Promise<number> {
    return this.until(() => this.upgradeStatus);
  }

  response(id: string | number, nth = 0): Promise<Frame> {
    return this.until(() => this.frames.filter((frame) => frame.type === "res" && frame.id === id)[nth]);
  }

  event(name: string, check: (payload: any) => boolean = () => true): Promise<Frame> {
    return this.until(() => this.frames.find((frame) => frame.event === name && check(frame.payload)));
  }

  events(name: string): Frame[] {
    return this.frames.filter((frame) => frame.event === name);
  }

  raw(text: string | Buffer): void {
    this.ws.send(text);
  }

  async request(method: string, params?: unknown): Promise<Frame> {
    const id = `r${(this.#ids += 1)}`;
    this.raw(JSON.stringify({ type: "req", id, method, ...(params === undefined ? {} : { params }) }));
    return this.response(id);
  }

  /** Sends `connect`; gives the response, whichever it is. */
  async connect(say: Say = {}): Promise<Frame> {
    const params = connectParams(await this.challenge(), say);
    this.raw(JSON.stringify({ type: "req", id: "connect", method: "connect", params }));
    return this.until(
      () =>
        this.frames.find((frame) => frame.id === "connect") ?? (this.closed && ({ type: "res", ok: false } as Frame)),
    );
  }

  close(): void {
    this.ws.terminate();
  }
}

export function connectParams(challenge: { nonce: string; ts: number }, say: Say): Record<string, any> {
  const client = { id: "cli", mode: "ui", version: "1", platform: "linux", ...say.client };
  const scopes = "scopes" in say ? say.scopes : ALL_SCOPES;
  const auth = say.auth ?? { token: TOKEN };
  const params: Record<string, any> = {
    minProtocol: say.min ?? 4,
    maxProtocol: say.max ?? 4,
    client,
    ...(say.role === undefined ? {} : { role: say.role }),
    ...(scopes === undefined ? {} : { scopes }),
    caps: say.caps ?? [],
    auth,
  };
  if (say.device !== undefined)
    params["device"] = proofOf(say.device, challenge, {
      client,
      scopes: scopes ?? [],
      auth,
      role: say.role ?? "operator",
      ...say.proof,
    });
  say.change?.(params);
  return params;
}

function proofOf(
  device: Device,
  challenge: { nonce: string; ts: number },
  over: Record<string, any>,
): Record<string, unknown> {
  const signedAt = over["signedAt"] ?? challenge.ts;
  const nonce = over["nonce"] ?? challenge.nonce;
  const { client, auth } = over;
  const token = over["token"] ?? auth.token ?? auth.deviceToken ?? auth.bootstrapToken ?? "";
  const version = over["version"] ?? "v3";
  const parts = [
    version,
    device.id,
    client.id,
    client.mode,
    over["role"],
    over["scopes"].join(","),
    String(signedAt),
    token,
  ];
  if (version !== "v1") parts.push(nonce);
  if (version === "v3")
    parts.push(
      over["platform"] ?? client.platform.trim().toLowerCase(),
      (client.deviceFamily ?? "").trim().toLowerCase(),
    );
  const signature = sign(null, Buffer.from(parts.join("|")), device.privateKey);
  return {
    id: over["id"] ?? device.id,
    publicKey:
      over["publicKey"] ?? (over["pem"] ? device.key.export({ type: "spki", format: "pem" }) : device.publicKey),
    signature: over["signature"] ?? signature.toString(over["pem"] ? "base64" : "base64url"),
    signedAt,
    ...("sentNonce" in over ? (over["sentNonce"] === undefined ? {} : { nonce: over["sentNonce"] }) : { nonce }),
  };
}

/** Opens a socket and logs in; fails the test when that is refused. */
export async function login(url: string, say: Say = {}, options?: ClientOptions): Promise<Client> {
  const client = new Client(url, options);
  const device = "device" in say ? say.device : newDevice();
  const answer = await client.connect({ ...say, device });
  if (!answer.ok) throw new Error(`login refused: ${JSON.stringify(answer.error)}`);
  return client;
}
