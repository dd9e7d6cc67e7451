/** Model servers on this machine, found by asking the usual ports what they serve. */
import { Type, fits } from "../contracts/schema.ts";
import type { Vendor } from "../contracts/model.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Clock } from "../base/time.ts";
import { chats } from "./_discovery-read.ts";

/** Where llama.cpp, vLLM and SGLang listen unless told otherwise. */
const OTHER_PORTS = [8080, 8000, 30_000];
const DEADLINE_MS = 200;
const SERVER_MS = 5000;
const BODY_LIMIT = 256 * 1024;
/** What Ollama and LM Studio do not say; enough for the prompt, small enough for most machines. */
const LOCAL_CONTEXT = 32_768;

export interface ServerFound {
  /** Undefined for a server of unknown make. */
  readonly vendor?: Vendor;
  readonly port: number;
  readonly model: { readonly id: string; readonly contextWindow?: number };
}

/** All that answer within 200 ms, vendors before others, each with its first model that can chat. */
export async function probeServers(options: {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly vendors: readonly Vendor[];
}): Promise<ServerFound[]> {
  const { vendors, clock, fetch } = options;
  const known = vendors.flatMap((vendor) =>
    vendor.local ? [{ vendor, port: vendor.local.port, path: vendor.local.probePath }] : [],
  );
  const others = OTHER_PORTS.filter((port) => !known.some((place) => place.port === port));
  const places = [...known, ...others.map((port) => ({ vendor: undefined, port, path: "/v1/models" }))];

  const late = new AbortController();
  const cancel = clock.timer(DEADLINE_MS, () => late.abort());
  const given = new Promise<undefined>((resolve) =>
    late.signal.addEventListener("abort", () => resolve(undefined), { once: true }),
  );
  try {
    const asked = places.map(async ({ vendor, port, path }) => {
      const model = await Promise.race([ask(`http://127.0.0.1:${port}`, path, fetch, late.signal), given]);
      if (!model) return undefined;
      const contextWindow = model.max_model_len ?? (vendor ? LOCAL_CONTEXT : undefined);
      return {
        ...(vendor && { vendor }),
        port,
        model: { id: model.id, ...(contextWindow !== undefined && { contextWindow }) },
      };
    });
    return (await Promise.all(asked)).filter((found) => found !== undefined);
  } finally {
    cancel();
    late.abort();
  }
}

/** The first chat model of a server at this address; undefined when none is told of within 5 s. Never throws. */
export async function modelServedAt(
  baseUrl: string,
  { fetch, clock }: { readonly fetch: Fetch; readonly clock: Clock },
): Promise<string | undefined> {
  const { origin, pathname } = new URL(baseUrl);
  const late = new AbortController();
  const cancel = clock.timer(SERVER_MS, () => late.abort());
  try {
    const above = pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
    return (await ask(origin, `${above}/v1/models`, fetch, late.signal))?.id;
  } finally {
    cancel();
  }
}

const Listing = Type.Object({
  data: Type.Array(Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }), { maxItems: 5000 }),
});

/** The first chat model of a server; undefined for whatever else listens there. */
async function ask(origin: string, path: string, fetch: Fetch, signal: AbortSignal) {
  try {
    const options = { signal, connectTimeoutMs: DEADLINE_MS, maxBytes: BODY_LIMIT, egress: { origin } };
    const response = await fetch(`${origin}${path}`, options);
    if (!response.ok) {
      await response.body?.cancel();
      return undefined;
    }
    const body: unknown = await response.json();
    if (!fits(Listing, body)) return undefined;
    const rows: readonly { id: string; max_model_len?: unknown }[] = body.data;
    const row = rows.find(({ id }) => chats(id));
    if (!row) return undefined;
    const limit = row.max_model_len;
    return { id: row.id, ...(typeof limit === "number" && limit > 0 ? { max_model_len: Math.floor(limit) } : {}) };
  } catch {
    return undefined; // Nothing there, or nothing that speaks this protocol.
  }
}
