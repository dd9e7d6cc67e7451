/**
 * A FAKE node: logs in with the role `node`, offers commands and answers them as its script says. It has no
 * camera, no screen and runs nothing. For tests, and by hand against a gateway on this machine:
 *
 *   node --conditions=openclaw-source test/fakes/node.ts ws://127.0.0.1:18789 <token> [identity folder]
 */
import {
  connect,
  memoryStore,
  nodeStore,
  type DeviceStore,
  type Gateway,
} from "../../packages/openclaw/src/client/index.ts";

/** What a command comes to: a payload, or an error with the code that a real node would give. */
export type FakeAnswer =
  | { readonly payload: unknown }
  | { readonly error: { readonly code: string; readonly message: string } }
  /** Says nothing, so that the command times out. */
  | "silence";

export interface FakeNodeOptions {
  readonly url: string;
  readonly token: string;
  readonly store?: DeviceStore;
  readonly platform?: string;
  readonly displayName?: string;
  readonly caps?: readonly string[];
  /** Comes back by itself; default no. */
  readonly reconnect?: boolean;
  /** By command; what stands here is what the node offers. */
  readonly commands: Readonly<Record<string, (params: unknown) => FakeAnswer>>;
}

export interface InvokeRequest {
  readonly id: string;
  readonly nodeId: string;
  readonly command: string;
  readonly paramsJSON: string | null;
}

export interface FakeNode {
  readonly gateway: Gateway;
  /** Commands that reached it, in order. */
  readonly requests: readonly InvokeRequest[];
  /** Outcomes of its pairing, in order. */
  readonly resolved: readonly { readonly requestId: string; readonly decision: string }[];
  /** Reports an event; resolves with the gateway's answer. */
  event(event: string, payload: unknown): Promise<unknown>;
  close(): void;
}

export async function startFakeNode(options: FakeNodeOptions): Promise<FakeNode> {
  const { url, token, commands, caps = [], platform = "linux", displayName = "Fake node" } = options;
  const requests: InvokeRequest[] = [];
  const resolved: { requestId: string; decision: string }[] = [];
  const gateway = connect({
    url,
    token,
    store: options.store ?? memoryStore(),
    role: "node",
    scopes: [],
    caps,
    client: { id: "node-host", mode: "node", version: "0", platform, displayName },
    extra: { commands: Object.keys(commands), permissions: {} },
    reconnect: options.reconnect ?? false,
  });
  gateway.on("node.pair.resolved", (payload) => void resolved.push(payload as (typeof resolved)[number]));
  gateway.on("node.invoke.request", (payload) => {
    const request = payload as InvokeRequest;
    requests.push(request);
    const params: unknown = request.paramsJSON === null ? undefined : JSON.parse(request.paramsJSON);
    const answer = commands[request.command]?.(params) ?? notHere(request.command);
    if (answer === "silence") return;
    const { id, nodeId } = request;
    void gateway.request("node.invoke.result", { id, nodeId, ok: "payload" in answer, ...answer }).catch(() => {});
  });
  await gateway.ready();
  return {
    gateway,
    requests,
    resolved,
    event: (event, payload) => gateway.request("node.event", { event, payload }),
    close: () => gateway.close(),
  };
}

function notHere(command: string): FakeAnswer {
  return { error: { code: "INVALID_REQUEST", message: `this node has no ${command}` } };
}

if (import.meta.main) {
  const [url = "", token = "", folder] = process.argv.slice(2);
  const node = await startFakeNode({
    url,
    token,
    ...(folder === undefined ? {} : { store: await nodeStore(folder) }),
    reconnect: true,
    caps: ["device"],
    platform: "android",
    displayName: "Fake phone",
    commands: {
      "device.info": () => ({ payload: { model: "none", battery: 0.5 } }),
      "system.notify": (params) => (console.log("notified", params), { payload: {} }),
      "camera.list": () => ({ payload: { devices: [] } }),
      "camera.snap": () => ({ error: { code: "CAMERA_DISABLED", message: "Camera disabled by user" } }),
    },
  });
  console.log("connected; Ctrl-C ends it");
  node.gateway.onState((state) => state.phase === "closed" && process.exit(0));
}
