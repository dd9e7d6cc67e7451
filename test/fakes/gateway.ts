/**
 * A FAKE gateway: speaks the handshake rules of the gateway protocol over a real WebSocket, with methods that a test
 * gives it. It runs no agent and stores nothing. For tests of clients.
 */
import { createHash, createPublicKey, randomUUID, verify } from "node:crypto";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { proofText } from "../../packages/openclaw/src/client/index.ts";
import type { WireError } from "../../packages/openclaw/src/client/index.ts";

type Data = Readonly<Record<string, unknown>>;

/** One logged-in socket. */
export interface FakeClient {
  readonly connect: ConnectParams;
  readonly subscriptions: { sessions: boolean; readonly messages: Set<string> };
  /** Sends an event with this socket's next `seq`. */
  emit(event: string, payload: unknown): void;
  /** Consumes a `seq` without sending: the client sees a gap. */
  skip(): void;
  respond(id: string, payload: unknown): void;
  refuse(id: string, error: WireError): void;
  close(code: number, reason: string): void;
}

export interface ConnectParams {
  readonly minProtocol: number;
  readonly maxProtocol: number;
  readonly client: {
    readonly id: string;
    readonly mode: string;
    readonly platform: string;
    readonly deviceFamily?: string;
  };
  readonly role?: string;
  readonly scopes?: readonly string[];
  readonly caps?: readonly string[];
  readonly auth?: { readonly token?: string; readonly password?: string; readonly deviceToken?: string };
  readonly device?: {
    readonly id: string;
    readonly publicKey: string;
    readonly signature: string;
    readonly signedAt: number;
    readonly nonce: string;
  };
}

/** Answers a request; throws a `Refusal` to refuse it. `id` allows a second answer. */
export type FakeMethod = (params: Data, call: { readonly client: FakeClient; readonly id: string }) => unknown;

export interface FakeGatewayOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly token?: string;
  readonly methods?: Readonly<Record<string, FakeMethod>>;
  readonly tickIntervalMs?: number;
  /** Refuses a `connect` that would otherwise succeed. */
  readonly refuse?: (params: ConnectParams) => WireError | undefined;
  /** Never sends the challenge. */
  readonly silent?: boolean;
  readonly http?: RequestListener;
}

export interface FakeGateway {
  readonly url: string;
  readonly port: number;
  readonly clients: ReadonlySet<FakeClient>;
  /** Every accepted or refused `connect`, in order. */
  readonly logins: readonly ConnectParams[];
  broadcast(event: string, payload: unknown, to?: (client: FakeClient) => boolean): void;
  /** Ends every socket without a close frame, as a dead network does. */
  cut(): void;
  close(): Promise<void>;
}

/** A refusal of a request. */
export class Refusal extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

export const FAKE_TOKEN = "fake-token-0123456789";
const MAX_SKEW_MS = 120_000;
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export async function startFakeGateway(options: FakeGatewayOptions = {}): Promise<FakeGateway> {
  const http = createServer(options.http ?? ((_request, response) => void response.writeHead(404).end()));
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  const clients = new Set<FakeClient>();
  const logins: ConnectParams[] = [];
  sockets.on("connection", (socket) => serve(socket, { options, clients, logins }));
  await listen(http, options.port ?? 0);
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    clients,
    logins,
    broadcast: (event, payload, to = () => true) => {
      for (const client of clients) if (to(client)) client.emit(event, payload);
    },
    cut: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      for (const socket of sockets.clients) socket.close(1012, "service restart");
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => void http.close(() => resolve()));
    },
  };
}

interface Shared {
  readonly options: FakeGatewayOptions;
  readonly clients: Set<FakeClient>;
  readonly logins: ConnectParams[];
}

function serve(socket: WebSocket, shared: Shared): void {
  const nonce = randomUUID();
  const send = (frame: Data) => socket.send(JSON.stringify(frame));
  let client: FakeClient | undefined;
  if (shared.options.silent !== true) {
    send({ type: "event", event: "connect.challenge", payload: { nonce, ts: Date.now() } });
  }
  socket.on("error", () => {});
  socket.on("close", () => {
    if (client !== undefined) shared.clients.delete(client);
  });
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data)) as { id: string; method: string; params?: Data };
    if (client !== undefined) return void answer(shared.options, client, frame);
    const params = frame.params as unknown as ConnectParams;
    const refusal =
      frame.method === "connect"
        ? login(params, nonce, shared)
        : invalid("invalid handshake: first request must be connect");
    if (refusal !== undefined) {
      send({ type: "res", id: frame.id, ok: false, error: refusal });
      socket.close(refusal.details?.["code"] === "PROTOCOL_MISMATCH" ? 1002 : 1008, refusal.message.slice(0, 120));
      return;
    }
    client = clientOf(socket, params, send);
    shared.clients.add(client);
    send({ type: "res", id: frame.id, ok: true, payload: hello(params, shared.options) });
  });
}

function clientOf(socket: WebSocket, connect: ConnectParams, send: (frame: Data) => void): FakeClient {
  let seq = 0;
  return {
    connect,
    subscriptions: { sessions: false, messages: new Set() },
    emit: (event, payload) => {
      seq += 1;
      send({ type: "event", event, payload, seq });
    },
    skip: () => {
      seq += 1;
    },
    respond: (id, payload) => send({ type: "res", id, ok: true, payload }),
    refuse: (id, error) => send({ type: "res", id, ok: false, error }),
    close: (code, reason) => socket.close(code, reason),
  };
}

async function answer(
  options: FakeGatewayOptions,
  client: FakeClient,
  frame: { id: string; method: string; params?: Data },
) {
  const method = options.methods?.[frame.method];
  try {
    if (method === undefined) throw new Refusal(invalid(`unknown method: ${frame.method}`));
    const payload = await method(frame.params ?? {}, { client, id: frame.id });
    client.respond(frame.id, payload);
  } catch (error) {
    const wire = error instanceof Refusal ? error.wire : { code: "INTERNAL", message: String(error) };
    client.refuse(frame.id, wire);
  }
}

/** The protocol's checks, in its order. */
function login(params: ConnectParams, nonce: string, shared: Shared): WireError | undefined {
  shared.logins.push(params);
  if (params.minProtocol > 4 || params.maxProtocol < 3)
    return invalid("protocol mismatch", { code: "PROTOCOL_MISMATCH", expectedProtocol: 4 });
  const proof = params.device === undefined ? undefined : checkProof(params, params.device, nonce);
  if (proof !== undefined) return proof;
  return checkSecret(params, shared.options) ?? shared.options.refuse?.(params);
}

function checkProof(
  params: ConnectParams,
  device: NonNullable<ConnectParams["device"]>,
  nonce: string,
): WireError | undefined {
  const raw = Buffer.from(device.publicKey, "base64url");
  const fail = (message: string, code: string) => invalid(message, { code });
  if (createHash("sha256").update(raw).digest("hex") !== device.id)
    return fail("device identity mismatch", "DEVICE_AUTH_DEVICE_ID_MISMATCH");
  if (Math.abs(Date.now() - device.signedAt) > MAX_SKEW_MS)
    return fail("device signature expired", "DEVICE_AUTH_SIGNATURE_EXPIRED");
  if (device.nonce !== nonce) return fail("device nonce mismatch", "DEVICE_AUTH_NONCE_MISMATCH");
  const text = proofText(device.id, {
    clientId: params.client.id,
    clientMode: params.client.mode,
    role: params.role ?? "operator",
    scopes: params.scopes ?? [],
    signedAt: device.signedAt,
    token: params.auth?.token ?? params.auth?.deviceToken ?? "",
    nonce,
    platform: params.client.platform,
    deviceFamily: params.client.deviceFamily ?? "",
  });
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
  const valid = verify(null, Buffer.from(text), key, Buffer.from(device.signature, "base64url"));
  return valid ? undefined : fail("device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID");
}

function checkSecret(params: ConnectParams, options: FakeGatewayOptions): WireError | undefined {
  const { token, deviceToken } = params.auth ?? {};
  const device = params.device;
  if (token === (options.token ?? FAKE_TOKEN)) return undefined;
  if (device !== undefined && [token, deviceToken].includes(deviceTokenOf(device.id))) return undefined;
  if (device === undefined && token === undefined) {
    return { code: "NOT_PAIRED", message: "device identity required", details: { code: "DEVICE_IDENTITY_REQUIRED" } };
  }
  if (deviceToken !== undefined && token === undefined)
    return invalid("unauthorized: device token mismatch", { code: "AUTH_DEVICE_TOKEN_MISMATCH" });
  if (token === undefined) return invalid("unauthorized: gateway token missing", { code: "AUTH_TOKEN_MISSING" });
  return invalid("unauthorized: gateway token mismatch", {
    code: "AUTH_TOKEN_MISMATCH",
    canRetryWithDeviceToken: device !== undefined,
  });
}

export function deviceTokenOf(deviceId: string): string {
  return createHash("sha256").update(`fake ${deviceId}`).digest("base64url");
}

function hello(params: ConnectParams, options: FakeGatewayOptions): Data {
  return {
    type: "hello-ok",
    protocol: Math.min(params.maxProtocol, 4),
    server: { version: "2026.11.0", connId: randomUUID(), bootId: randomUUID() },
    features: { methods: Object.keys(options.methods ?? {}), events: ["chat", "agent", "tick"] },
    snapshot: {
      sessionDefaults: {
        defaultAgentId: "main",
        mainKey: "main",
        mainSessionKey: "agent:main:main",
        scope: "per-sender",
      },
      uptimeMs: 1,
    },
    auth: {
      method: params.auth?.token === undefined ? "device-token" : "token",
      role: params.role ?? "operator",
      scopes: params.scopes ?? [],
      ...(params.device === undefined ? {} : { deviceToken: deviceTokenOf(params.device.id) }),
    },
    policy: { maxPayload: 26_214_400, maxBufferedBytes: 52_428_800, tickIntervalMs: options.tickIntervalMs ?? 30_000 },
  };
}

function invalid(message: string, details?: Data): WireError {
  return { code: "INVALID_REQUEST", message, ...(details === undefined ? {} : { details }) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}
