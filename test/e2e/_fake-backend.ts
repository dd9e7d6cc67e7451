/** The FAKE gateway serving the real page, with the headers that the real one sends. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { FakeAssistant } from "../fakes/gateway-chat.ts";
import { FAKE_TOKEN, startFakeGateway } from "../fakes/gateway.ts";
import type { Backend } from "./_backend.ts";
import { scene } from "./_scenes.ts";
import { buildUi } from "./_ui-build.ts";

const CSP =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; frame-src 'self'; script-src 'self' 'wasm-unsafe-eval'; " +
  "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self'; worker-src 'self'; connect-src 'self' ws: wss:";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export async function startFakeBackend(): Promise<Backend & { readonly assistant: FakeAssistant }> {
  const folder = await buildUi();
  const assistant = new FakeAssistant(scene);
  const http = (request: IncomingMessage, response: ServerResponse) => void serve(folder, request, response);
  const start = (port: number) => startFakeGateway({ port, methods: assistant.methods, http });
  let gateway = await start(0);
  assistant.attach(gateway);
  const { port } = gateway;
  return {
    kind: "fake",
    assistant,
    origin: `http://localhost:${port}`,
    token: FAKE_TOKEN,
    stop: () => gateway.close(),
    start: async () => {
      gateway = await start(port);
      assistant.attach(gateway);
    },
    close: () => gateway.close(),
  };
}

async function serve(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
  const name = TYPES[extname(path)] === undefined ? "index.html" : path;
  const body = await readFile(join(folder, name)).catch(() => undefined);
  response.setHeader("content-security-policy", CSP);
  response.setHeader("content-type", TYPES[extname(name)] ?? "text/html");
  response.setHeader("cache-control", "no-cache");
  response.writeHead(body === undefined ? 404 : 200).end(body);
}
