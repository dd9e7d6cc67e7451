/** A real gateway whose configuration a scenario changes under it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startModelServer } from "../fakes/model-server.ts";
import type { Script, SeenRequest } from "../fakes/model-server.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay, Place, Running } from "../harness/gateway.ts";

export interface Configured {
  readonly place: Place;
  readonly running: Running;
  /** What the model was asked. */
  readonly asked: readonly SeenRequest[];
  /** Text of the configuration file. */
  text(): string;
  data(): Data;
  /** Replaces the file as an editor does; objects as JSON. */
  write(content: string | object): void;
  /** Changes the file's data. */
  change(edit: (data: Data) => void): void;
  /** The log so far; written with a short delay. */
  log(): string;
  /** Names in the state directory. */
  names(): readonly string[];
}

/** The file of `makePlace`, as far as scenarios change it. */
export interface Data {
  agents: { defaults: { model: { primary: string } } };
  gateway: { port: number; mode?: string; reload?: object; auth: object };
  logging: { level?: string; file: string };
  channels: { telegram: { accounts: Record<string, { name?: string }> } };
  [section: string]: unknown;
}

export interface Options {
  readonly overlay?: Overlay;
  readonly script?: Script;
}

export async function withGateway(work: (it: Configured) => Promise<void>, options: Options = {}): Promise<void> {
  const model = await startModelServer({ api: "openai-completions", script: options.script ?? { text: ["hello"] } });
  const place = await makePlace(model.url, options.overlay);
  const path = join(place.state, "openclaw.json");
  const running = await start(place);
  const text = () => readFileSync(path, "utf8");
  const data = () => JSON.parse(text()) as Data;
  const write = (content: string | object) =>
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  try {
    await work({
      place,
      running,
      asked: model.requests,
      text,
      data,
      write,
      change: (edit) => {
        const content = data();
        edit(content);
        write(content);
      },
      log: () => {
        const at = join(place.home, "gateway.log");
        return existsSync(at) ? readFileSync(at, "utf8") : "";
      },
      names: () => readdirSync(place.state),
    });
  } finally {
    await running.stop();
    await model.close();
    place.end();
  }
}

export async function until(what: string, ready: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (let i = 0; i < seconds * 20; i += 1) {
    if (await ready()) return;
    await pause(50);
  }
  assert.fail(`did not happen within ${seconds} s: ${what}`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
