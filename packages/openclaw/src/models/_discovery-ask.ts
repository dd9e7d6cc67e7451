/** Asks one server what it serves. */
import type { Discovery } from "../contracts/model.ts";
import type { Fetch } from "../base/fetch.ts";
import { readList, readShown, readTags } from "./_discovery-read.ts";
import type { FoundRow } from "./_rows.ts";

const CONNECT_MS = 3000;
/** The longest list of a router has about 1 MB. */
const LIST_BYTES = 8 * 1024 * 1024;
const SHOWN_BYTES = 1024 * 1024;
/** Models of which an Ollama server is asked more than the name, and how many at a time. */
const SHOWN = 60;
const AT_ONCE = 6;

export interface Server {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

interface Asked {
  readonly server: Server;
  readonly discovery: Discovery;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/** Rejects when nothing that could be understood came. */
export async function askServer(asked: Asked): Promise<FoundRow[]> {
  let reason: unknown;
  for (const path of asked.discovery.paths) {
    try {
      const body = await getJson(addressOf(asked.server.baseUrl, path), asked, { maxBytes: LIST_BYTES });
      if (asked.discovery.shape === "ollama") return await shown(readTags(body) ?? wrong(), asked);
      return readList(body) ?? wrong();
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/** Relative to the base URL; with a leading `/` relative to its host. */
function addressOf(baseUrl: string, path: string): string {
  return path.startsWith("/") ? new URL(path, baseUrl).href : `${baseUrl.replace(/\/+$/, "")}/${path}`;
}

async function shown(names: readonly string[], asked: Asked): Promise<FoundRow[]> {
  const url = addressOf(asked.server.baseUrl, "/api/show");
  const rows = new Map<string, FoundRow | undefined>(names.map((id) => [id, { id }]));
  const waiting = names.slice(0, SHOWN);
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined && !asked.signal.aborted; id = waiting.shift()) {
      const body = JSON.stringify({ model: id });
      const answer = await getJson(url, asked, { maxBytes: SHOWN_BYTES, body }).catch(() => undefined);
      if (answer !== undefined) rows.set(id, readShown(id, answer));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return [...rows.values()].filter((row) => row !== undefined);
}

async function getJson(url: string, { server, fetch, signal }: Asked, more: { maxBytes: number; body?: string }) {
  const response = await fetch(url, {
    ...(more.body === undefined ? {} : { method: "POST", body: more.body }),
    headers: {
      accept: "application/json",
      ...(more.body === undefined ? {} : { "content-type": "application/json" }),
      ...(server.apiKey === undefined ? {} : { authorization: `Bearer ${server.apiKey}` }),
      ...server.headers,
    },
    signal,
    connectTimeoutMs: CONNECT_MS,
    maxBytes: more.maxBytes,
    egress: { origin: new URL(url).origin },
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status}`);
  }
  return (await response.json()) as unknown;
}

function wrong(): never {
  throw new Error("the answer is no list of models");
}
