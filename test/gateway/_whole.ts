/** The whole gateway as it is composed, from sources, in this process: a home of its own and a FAKE model server. */
import type { TestContext } from "node:test";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import { runGateway } from "../../packages/openclaw/src/app/index.ts";
import { createPlatform } from "../../packages/openclaw/src/cli/platform.ts";
import { startModelServer, type ModelServer, type Script } from "../fakes/model-server.ts";
import { makePlace, TOKEN, type Overlay, type Place } from "../harness/gateway.ts";
import { quietLog } from "../harness/log.ts";

export { TOKEN };

export interface Whole {
  readonly port: number;
  readonly place: Place;
  readonly model: ModelServer;
  /** Ends this life; `open` begins another in the same home. */
  stop(): Promise<void>;
  open(): Promise<void>;
}

/** `script` answers the model's calls; `config` is merged over a minimal configuration. */
export async function wholeGateway(
  t: TestContext,
  { config = {}, script = { text: ["all done"] } }: { readonly config?: Overlay; readonly script?: Script } = {},
): Promise<Whole> {
  const model = await startModelServer({ api: "openai-completions", script });
  const place = await makePlace(model.url, config);
  let life: { readonly stop: AbortController; readonly ended: Promise<unknown> } | undefined;
  const stop = async () => {
    life?.stop.abort();
    await life?.ended;
    life = undefined;
  };
  const open = async () => {
    life = await begin(place);
  };
  t.after(async () => {
    await stop();
    await model.close();
    place.end();
  });
  await open();
  return { port: place.port, place, model, stop, open };
}

async function begin(place: Place) {
  const stop = new AbortController();
  const paths = { home: place.home, state: place.state, config: `${place.state}/openclaw.json` };
  const platform = createPlatform({ env: place.env, paths, log: quietLog, version: "2026.11.0" });
  const out = new Proxy({}, { get: () => () => undefined }) as never;
  const ready = Promise.withResolvers<void>();
  const life = runGateway({ platform, options: {}, signal: stop.signal, out, onReady: () => ready.resolve() });
  const ended = life.catch(ready.reject).then(() => platform.close());
  await ready.promise;
  return { stop, ended };
}

/** Waits until `find` gives something, at most 10 s. */
export async function eventually<T>(find: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  for (const end = systemClock.monotonic() + 10_000; systemClock.monotonic() < end; await systemClock.sleep(20)) {
    const found = await find();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} did not happen`);
}
