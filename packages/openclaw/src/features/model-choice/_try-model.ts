/** Whether a model really does what is said of it: it calls a tool, and it looks at a picture. */
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import type { Clock } from "../../base/time.ts";
import type { ModelsService } from "../../models/index.ts";

export interface Tried {
  readonly ok: boolean;
  readonly ms: number;
  /** Why not. */
  readonly error?: string;
}

/** One white dot, PNG. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=";
/** Enough for a call of a tool, little enough to cost nothing. */
const MAX_TOKENS = 256;

const PING = {
  name: "ping",
  description: "Answers with pong",
  parameters: { type: "object", properties: {}, additionalProperties: false },
} as ModelRequest["tools"][number];

interface With {
  readonly models: Pick<ModelsService, "stream">;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export function callsTools(endpoint: Endpoint, by: With): Promise<Tried> {
  return tried(by, endpoint, {
    messages: [{ role: "user", content: "Call the tool ping.", timestamp: by.clock.now() }],
    tools: [PING],
    worked: (calls) => (calls > 0 ? undefined : "it called no tool"),
  });
}

export function seesPictures(endpoint: Endpoint, by: With): Promise<Tried> {
  const picture = { type: "image", data: DOT, mimeType: "image/png" } as const;
  const words = { type: "text", text: "What colour is this? One word." } as const;
  return tried(by, endpoint, {
    messages: [{ role: "user", content: [words, picture], timestamp: by.clock.now() }],
    tools: [],
    worked: () => undefined,
  });
}

async function tried(
  { models, clock, timeoutMs, signal }: With,
  endpoint: Endpoint,
  asked: Pick<ModelRequest, "messages" | "tools"> & { readonly worked: (calls: number) => string | undefined },
): Promise<Tried> {
  const begun = clock.monotonic();
  const late = new AbortController();
  const cancel = clock.timer(timeoutMs, () => late.abort());
  const ms = () => Math.round(clock.monotonic() - begun);
  try {
    let calls = 0;
    for await (const event of models.stream({
      endpoint,
      system: [],
      messages: asked.messages,
      tools: asked.tools,
      thinking: "off",
      maxTokens: MAX_TOKENS,
      cacheRetention: "none",
      cacheKey: "scan",
      signal: AbortSignal.any([signal, late.signal]),
      idleMs: timeoutMs,
    })) {
      if (event.type === "toolcall") calls += 1;
      if (event.type === "error") {
        const error = late.signal.aborted ? "no answer in time" : event.failure.message;
        return { ok: false, ms: ms(), error };
      }
    }
    const error = asked.worked(calls);
    return { ok: error === undefined, ms: ms(), ...(error === undefined ? {} : { error }) };
  } finally {
    cancel();
  }
}
