/**
 * Secrets from a program. It is started without a shell, gets one JSON document on its input and answers
 * with one: `{"protocolVersion":1,"provider":a,"ids":[…]}` → `{"protocolVersion":1,"values":{id:value},
 * "errors":{id:{"message":…}}}`. With `jsonOnly: false` its whole output is the value, one start per id.
 * What it writes to its error output is thrown away: secrets may be in it.
 */
import { record } from "../../base/record.ts";
import { isAbsolute } from "node:path";
import { childEnv } from "../../base/env.ts";
import { errorText } from "../../base/errors.ts";
import { accessOf, realPath } from "../../base/open.ts";
import { isInside, pathFrom } from "../../base/path.ts";
import { cut, printable } from "../../base/text.ts";
import {
  answer,
  failAll,
  number,
  texts,
  type Answer,
  type Provider,
  type ProviderContext,
  type Settings,
} from "./_provider.ts";
import { standingProblem } from "./_standing.ts";

const TIMEOUT_MS = 5000;
const MAX_OUTPUT = 1024 * 1024;
/** Others may run it, nobody else may change it. */
const WRITABLE = 0o022;

export const fromProgram: Provider = async (ids, settings, context) => {
  try {
    const command = await checkedCommand(settings, context);
    const answers: Answer[] = [];
    for (const batch of batches(ids, settings, context)) {
      const output = await ask(command, batch, { settings, context });
      answers.push(...(settings["jsonOnly"] === false ? [answer(output.replace(/\r?\n$/, ""))] : parse(output, batch)));
    }
    return answers;
  } catch (error) {
    return failAll(ids, errorText(error).replace(/\.$/, ""));
  }
};

/** Where the program really is. */
async function checkedCommand(settings: Settings, { platform: { paths } }: ProviderContext): Promise<string> {
  const command = String(settings["command"] ?? "");
  if (!isAbsolute(command)) throw new Error(`${command} is not an absolute path`);
  const there = await accessOf(command);
  if (!there) throw new Error(`there is no program ${command}`);
  if (there.isLink && settings["allowSymlinkCommand"] !== true) throw new Error(`${command} is a link`);
  const real = await realPath(command);
  const access = await accessOf(real);
  if (!access?.isFile) throw new Error(`${command} is no regular file`);
  const problem = settings["allowInsecurePath"] === true ? undefined : await standingProblem(real, access, WRITABLE);
  if (problem !== undefined) throw new Error(problem);
  const trusted = texts(settings, "trustedDirs");
  const folders = await Promise.all(
    (trusted ?? []).map((folder) => realPath(pathFrom(paths.home, folder, paths.home))),
  );
  if (trusted && !folders.some((folder) => isInside(folder, real)))
    throw new Error(`${real} is outside the trusted folders of the provider`);
  return real;
}

function question(ids: readonly string[], alias: string): string {
  return JSON.stringify({ protocolVersion: 1, provider: alias, ids });
}

function batches(
  ids: readonly string[],
  settings: Settings,
  { alias, maxBatchBytes }: ProviderContext,
): (readonly string[])[] {
  if (settings["jsonOnly"] === false) return ids.map((id) => [id]);
  const all: string[][] = [];
  for (const id of ids) {
    const last = all.at(-1);
    if (last && Buffer.byteLength(question([...last, id], alias)) <= maxBatchBytes) last.push(id);
    else all.push([id]);
  }
  return all;
}

async function ask(
  command: string,
  ids: readonly string[],
  { settings, context }: { readonly settings: Settings; readonly context: ProviderContext },
): Promise<string> {
  const { spawn, clock, paths } = context.platform;
  const limit = number(settings, "maxOutputBytes") ?? MAX_OUTPUT;
  const chunks: Buffer[] = [];
  let size = 0;
  let problem: string | undefined;
  let heard = () => {};
  let kill = () => {};
  const stop = (reason: string) => {
    problem ??= reason;
    kill();
  };
  const child = await spawn({
    argv: [command, ...(texts(settings, "args") ?? [])],
    cwd: paths.home,
    env: environment(settings, context),
    input: `${question(ids, context.alias)}\n`,
    onOutput: (stream, chunk) => {
      heard();
      if (stream === "stderr") return;
      size += chunk.length;
      if (size <= limit) chunks.push(Buffer.from(chunk));
      else stop(`the program wrote more than ${limit} bytes`);
    },
  });
  kill = () => void child.kill(0);
  if (problem !== undefined) kill();
  const timeoutMs = number(settings, "timeoutMs") ?? TIMEOUT_MS;
  const cancel = clock.timer(timeoutMs, () => stop(`the program took longer than ${timeoutMs} ms`));
  const silence = watchSilence(number(settings, "noOutputTimeoutMs"), context, stop);
  heard = silence.heard;
  const { code, signal } = await child.exit.finally(() => {
    cancel();
    silence.end();
  });
  if (problem === undefined && code !== 0)
    problem =
      code === null ? `the program was ended by ${signal ?? "a signal"}` : `the program ended with code ${code}`;
  if (problem !== undefined) throw new Error(problem);
  return Buffer.concat(chunks).toString("utf8");
}

function watchSilence(
  limitMs: number | undefined,
  { platform: { clock } }: ProviderContext,
  stop: (reason: string) => void,
): { readonly heard: () => void; readonly end: () => void } {
  let cancel = () => {};
  const heard = () => {
    cancel();
    if (limitMs !== undefined) cancel = clock.timer(limitMs, () => stop(`the program said nothing for ${limitMs} ms`));
  };
  heard();
  return { heard, end: () => cancel() };
}

/** What every child gets, the variables that are passed on by name, and those of the provider. */
function environment(settings: Settings, { platform: { env } }: ProviderContext): Record<string, string> {
  const passed = (texts(settings, "passEnv") ?? []).flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const own = Object.entries((settings["env"] ?? {}) as Readonly<Record<string, unknown>>).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return childEnv(env, Object.fromEntries([...passed, ...own]));
}

function parse(output: string, ids: readonly string[]): Answer[] {
  const said = json(output);
  const values = record(said["values"]);
  const errors = record(said["errors"]);
  if (said["protocolVersion"] !== 1 || (said["values"] === undefined && said["errors"] === undefined))
    return failAll(ids, "the program did not answer as the protocol says");
  return ids.map((id) => {
    if (Object.hasOwn(values, id)) return answer(values[id]);
    const message = Object.hasOwn(errors, id) ? record(errors[id])["message"] : undefined;
    if (typeof message === "string") return { problem: `the program says: ${cut(printable(message), 200)}` };
    return { problem: "the program gave no value" };
  });
}

function json(text: string): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}
