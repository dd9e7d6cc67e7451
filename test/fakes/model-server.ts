/**
 * FAKE of a model vendor: a server on loopback that speaks one of the vendors' protocols, answers as its
 * script says, and misbehaves on demand.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "./_model-wire.ts";
import { wireOf } from "./_wires.ts";
import type { WireApi } from "./_wires.ts";

export type { Answer, FakeCall } from "./_model-wire.ts";
export type { WireApi } from "./_wires.ts";

/** One reply of the script: an answer, or a way to fail. */
export type Reply =
  | (Answer & { readonly kind?: "answer"; /** Between events. */ readonly everyMs?: number })
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly type?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of the vendor's envelope. */
      readonly body?: string;
    }
  /** Says nothing more: before the headers, after them, or after the first events of an answer. */
  | { readonly kind: "hang"; readonly after: "request" | "headers" | "text" }
  /** Drops the connection: at once, or after the first events of an answer. */
  | { readonly kind: "reset"; readonly after?: "request" | "text" }
  /** Ends cleanly after the first events of an answer. */
  | { readonly kind: "cut" }
  /** Reports an error after the first events of an answer. */
  | { readonly kind: "fail"; readonly type: string; readonly message: string }
  /** These bytes as an event stream (or as `contentType`), with status 200. */
  | { readonly kind: "raw"; readonly body: string | Uint8Array; readonly contentType?: string }
  /** These bytes again and again until nobody listens. */
  | { readonly kind: "endless"; readonly first: string | Uint8Array; readonly then: string | Uint8Array };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly raw: string;
  /** The client's port: equal for requests over one connection. */
  readonly port: number;
  /** Settles when the connection of this request has closed or its answer is complete. */
  readonly ended: Promise<"complete" | "closed">;
}

/** Replies in order, the last one for ever; or a function of the request. */
export type Script = Reply | readonly Reply[] | ((request: SeenRequest, index: number) => Reply | Promise<Reply>);

export interface ModelServer {
  /** What goes into `baseUrl`, with the path that the protocol expects there. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

const MODELS = ["fake-1"];

export async function startModelServer(options: {
  readonly api: WireApi;
  readonly script: Script;
  /** Ids that `GET /v1/models` lists. */
  readonly models?: readonly string[];
  readonly port?: number;
}): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    if (request.method === "GET") return listModels(request, response, options.models ?? MODELS);
    const serve = async () => {
      const seen = await see(request, response);
      requests.push(seen);
      const refused = wireOf(options.api).refuses?.(seen.body);
      const reply: Reply =
        refused === undefined
          ? await replyOf(options.script, seen, requests.length - 1)
          : { kind: "refuse", status: 400, type: "invalid_request_error", message: refused };
      await answer(options.api, reply, String(seen.body["model"] ?? MODELS[0]), response);
    };
    serve().catch(() => response.destroy()); // The client went away.
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${wireOf(options.api).base}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The bytes of one answered stream. */
export function answerBytes(api: WireApi, answer: Answer): Uint8Array {
  return Buffer.concat(
    wireOf(api)
      .events(answer, "fake-1")
      .map((event) => Buffer.from(event)),
  );
}

async function see(request: IncomingMessage, response: ServerResponse): Promise<SeenRequest> {
  const ended = new Promise<"complete" | "closed">((resolve) => {
    response.once("finish", () => resolve("complete"));
    response.once("close", () => resolve("closed"));
  });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString("utf8");
  const body = JSON.parse(raw) as Record<string, unknown>;
  const port = request.socket.remotePort ?? 0;
  return { port, method: request.method ?? "", path: request.url ?? "", headers: request.headers, body, raw, ended };
}

async function replyOf(script: Script, seen: SeenRequest, index: number): Promise<Reply> {
  if (typeof script === "function") return script(seen, index);
  if (!Array.isArray(script)) return script as Reply;
  return script[Math.min(index, script.length - 1)] as Reply;
}

async function answer(api: WireApi, reply: Reply, model: string, response: ServerResponse): Promise<void> {
  switch (reply.kind) {
    case "refuse":
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
      response.end(
        reply.body ?? JSON.stringify(wireOf(api).error(reply.type ?? "error_type", reply.message ?? "refused")),
      );
      return;
    case "raw":
      response.writeHead(200, { "content-type": reply.contentType ?? wireOf(api).contentType });
      response.end(reply.body);
      return;
    case "endless":
      openStream(api, response).write(reply.first);
      while (!response.destroyed) {
        if (!response.write(reply.then)) await Promise.race([once(response, "drain"), once(response, "close")]);
      }
      return;
    case "hang":
      if (reply.after === "headers") openStream(api, response).flushHeaders();
      if (reply.after === "text") await begin(api, model, response);
      return;
    case "reset":
      if (reply.after !== "request") await begin(api, model, response);
      response.socket?.resetAndDestroy();
      return;
    case "cut":
      await begin(api, model, response);
      response.end();
      return;
    case "fail":
      await begin(api, model, response);
      response.end(wireOf(api).errorEvent(reply.type, reply.message));
      return;
    default:
      openStream(api, response);
      for (const event of wireOf(api).events(reply, model)) {
        if (response.destroyed) return;
        response.write(event);
        if (reply.everyMs !== undefined) await wait(reply.everyMs);
      }
      response.end();
  }
}

/** The stream up to its first words, which arrive before this settles. */
async function begin(api: WireApi, model: string, response: ServerResponse): Promise<void> {
  openStream(api, response);
  const events = wireOf(api)
    .events({ text: ["Well, "] }, model)
    .map((event) => Buffer.from(event));
  const until = events.findIndex((event) => event.includes("Well, "));
  await new Promise<void>((resolve) => response.write(Buffer.concat(events.slice(0, until + 1)), () => resolve()));
  await wait(30);
}

function openStream(api: WireApi, response: ServerResponse): ServerResponse {
  response.socket?.setNoDelay(true);
  return response.writeHead(200, { "content-type": wireOf(api).contentType, "cache-control": "no-cache" });
}

function listModels(request: IncomingMessage, response: ServerResponse, ids: readonly string[]): void {
  const found = request.url?.endsWith("/models") ?? false;
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
  response.end(
    JSON.stringify(
      found ? { object: "list", data: ids.map((id) => ({ id, object: "model" })) } : { error: "not found" },
    ),
  );
}
