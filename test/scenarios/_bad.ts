/** What the scenarios about bad input share: a command run to its end, a gateway with a scripted model, a normal turn. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Fault } from "../../packages/openclaw/src/base/errors.ts";
import type { Gateway } from "../../packages/openclaw/src/client/index.ts";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Reply, SeenRequest } from "../fakes/model-server.ts";
import { withoutEnvelope } from "../harness/envelope.ts";
import { COMMAND, makePlace, start } from "../harness/gateway.ts";
import type { Overlay, Place, Running } from "../harness/gateway.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Default 20 s: what has not ended by then is killed, which shows as code null. */
  readonly timeoutMs?: number;
  /** Program and arguments before the command, such as `prlimit`. */
  readonly under?: readonly string[];
}

/** Runs the built command to its end. */
export function command(place: Place, args: readonly string[], options: Options = {}): Promise<Ended> {
  const { env = {}, timeoutMs = 20_000, under = [] } = options;
  const [program = "", ...rest] = [...under, process.execPath, COMMAND, ...args];
  const child = spawn(program, rest, { env: { ...place.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  return collect(child).finally(() => clearTimeout(timer));
}

function collect(child: ChildProcess): Promise<Ended> {
  const printed = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (printed.stdout += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (printed.stderr += chunk.toString("utf8")));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...printed })));
}

export interface World {
  readonly place: Place;
  readonly model: ModelServer;
  readonly gateway: Running;
  readonly client: Gateway;
  /** What the model answers; undefined: `answer to <the last thing the person said>`. */
  script: ((request: SeenRequest) => Reply | undefined | Promise<Reply | undefined>) | undefined;
  /** Ends the gateway as `how` says and starts it again on the same disk. */
  restart(how: "stop" | "kill"): Promise<void>;
}

export interface Ground {
  readonly overlay?: Overlay;
  /** Changes the place before the gateway starts; what it returns runs after the gateway's end. */
  readonly prepare?: (place: Place) => (() => void) | undefined;
}

/** A running gateway whose model answers; everything ends with the test. */
export async function open(t: TestContext, { overlay = {}, prepare }: Ground = {}): Promise<World> {
  const model = await startModelServer({
    api: "openai-completions",
    script: async (request) => (await world.script?.(request)) ?? { text: ["answer to ", lastAsked(request)] },
  });
  const place = await makePlace(model.url, overlay);
  const undo = prepare?.(place);
  let running: Running | undefined;
  t.after(async () => {
    await running?.kill();
    await model.close();
    undo?.();
    place.end();
  });
  running = await start(place);
  const world: World = {
    place,
    model,
    script: undefined,
    get gateway() {
      return running as Running;
    },
    get client() {
      return world.gateway.client;
    },
    async restart(how) {
      await world.gateway[how]();
      running = await start(place);
    },
  };
  return world;
}

/** The text of the person's newest message in a request to the model. */
export function lastAsked(request: SeenRequest): string {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const content = messages.findLast((message) => message.role === "user")?.content;
  if (typeof content === "string") return withoutEnvelope(content);
  return Array.isArray(content)
    ? withoutEnvelope(content.map((part: { text?: string }) => part.text ?? "").join(""))
    : "";
}

let asked = 0;

/** A turn to its end; rejects with the sentence that the person would see. */
export async function ask(client: Gateway, message: string, sessionKey = "main"): Promise<string> {
  const result = (await client.request(
    "agent",
    { message, sessionKey, idempotencyKey: `ask-${process.pid}-${(asked += 1)}` },
    { expectFinal: true, timeoutMs: 20_000 },
  )) as { result: { payloads: { text: string }[] } };
  return result.result.payloads.map(({ text }) => text).join("\n");
}

/** The harmless twin of a misuse: a normal turn is answered. */
export async function works({ client }: Pick<World, "client">, message = "are you well?"): Promise<void> {
  assert.equal(await ask(client, message), `answer to ${message}`);
}

/** The fault with which `work` rejects. */
export async function refusal(work: Promise<unknown>): Promise<Fault> {
  return work.then(
    (value) => assert.fail(`not refused: ${JSON.stringify(value)}`),
    (fault: Fault) => fault,
  );
}

export interface Shown {
  readonly role: string;
  readonly content: unknown;
}

/** The conversation as the page shows it. */
export async function history(client: Gateway, sessionKey = "main"): Promise<readonly Shown[]> {
  const { messages } = await client.request("chat.history", { sessionKey });
  return messages as unknown as readonly Shown[];
}

export function textOf({ content }: Shown): string {
  if (typeof content === "string") return content;
  return (content as { text?: string }[]).map((part) => part.text ?? "").join("");
}

export async function until(what: string, ready: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < seconds * 1000;) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}

const sessionsFolder = (place: Place): string => join(place.state, "agents/main/sessions");

export function transcriptOf(place: Place): string {
  const name = readdirSync(sessionsFolder(place)).find((each) => each.endsWith(".jsonl"));
  assert.ok(name !== undefined, "there is a transcript");
  return join(sessionsFolder(place), name);
}

/** Lines of the transcript; every one must be JSON, the last one complete. */
export function wholeLines(place: Place): readonly Record<string, unknown>[] {
  const text = readFileSync(transcriptOf(place), "utf8");
  assert.ok(text.endsWith("\n"), "the last line is whole");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export const configPath = (place: Place): string => join(place.state, "openclaw.json");
export const writeConfig = (place: Place, text: string): void => writeFileSync(configPath(place), text);
