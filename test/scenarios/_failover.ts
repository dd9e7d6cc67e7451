/** What the scenarios about failing providers share: a turn as the page makes it, and two models of which one fails. */
import type { TestContext } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay, Running } from "../harness/gateway.ts";
import { history, textOf } from "./_bad.ts";

/** No waits beyond this: the rounds over overloaded models are proven elsewhere, on a clock of their own. */
export const ENV = { OPENCLAW_SDK_RETRY_MAX_WAIT_SECONDS: "2" };
export const MODEL = { name: "Fake", reasoning: false, input: ["text"], contextWindow: 2_000_000, maxTokens: 8192 };

export interface Turn {
  /** What stands in the conversation after it. */
  readonly texts: readonly string[];
  readonly error: string | undefined;
  readonly ms: number;
}

let sent = 0;

/** A turn as the page makes it. */
export async function say({ client }: Running, sessionKey: string, message: string): Promise<Turn> {
  const before = (await history(client, sessionKey)).length;
  const begun = performance.now();
  const runId = `failover-${process.pid}-${(sent += 1)}`;
  await client.request("chat.send", { sessionKey, message, idempotencyKey: runId });
  const ended = (await client.request("agent.wait", { runId, timeoutMs: 60_000 }, { timeoutMs: 70_000 })) as {
    error?: string | { message?: string };
  };
  const ms = Math.round(performance.now() - begun);
  const after = (await history(client, sessionKey)).slice(before + 1).map((one) => textOf(one).trim());
  const error = typeof ended.error === "string" ? ended.error : ended.error?.message;
  return { texts: after, error, ms };
}

type Messages = readonly { readonly role: string; readonly content: unknown }[];

export interface Pair {
  readonly running: () => Running;
  /** Models asked since the last time, in order: `fake-1` is the chosen one, `spare-1` its fallback. */
  readonly asked: () => string;
  /** What the chosen one does. */
  script: (messages: Messages) => Reply;
  /** The same of its fallback. */
  spare: (messages: Messages) => Reply;
  /** Killed, and started again on the same disk. */
  restart(): Promise<void>;
}

/** A chosen model and one fallback, on servers of their own. */
export async function pair(t: TestContext, overlay: Overlay = {}): Promise<Pair> {
  const order: string[] = [];
  const script = (whose: "script" | "spare") => (request: SeenRequest) => {
    order.push(String(request.body["model"]));
    return it[whose](request.body["messages"] as Messages);
  };
  const chosen = await startModelServer({ api: "openai-completions", script: script("script") });
  const spare = await startModelServer({ api: "openai-completions", script: script("spare") });
  const { agents, ...rest } = overlay as { agents?: { defaults?: object } };
  const place = await makePlace(chosen.url, {
    ...rest,
    agents: { defaults: { model: { primary: "fake/fake-1", fallbacks: ["spare/spare-1"] }, ...agents?.defaults } },
    models: {
      providers: {
        spare: {
          baseUrl: spare.url,
          apiKey: "sk-spare",
          api: "openai-completions",
          models: [{ ...MODEL, id: "spare-1" }],
        },
      },
    },
  });
  Object.assign(place.env, ENV);
  let running = await start(place);
  const it: Pair = {
    running: () => running,
    asked: () => order.splice(0).join(" "),
    script: () => ({ text: ["from the chosen one"] }),
    spare: () => ({ text: ["from the fallback"] }),
    async restart() {
      await running.kill();
      running = await start(place);
    },
  };
  t.after(async () => {
    await running.kill();
    await chosen.close();
    await spare.close();
    place.end();
  });
  return it;
}
