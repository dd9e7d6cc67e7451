/**
 * Programs that answer in place of a server, as Claude Code and Codex do: one call is one process, whose answer comes
 * as a whole. The conversation is kept by the program; its id travels in our messages (`responseId`).
 */
import { join } from "node:path";
import type { CliBackend } from "../../contracts/cli-backend.ts";
import { defineDialect } from "../../contracts/model.ts";
import type { DialectIo, ModelEvent, ModelFailure, ModelRequest, Programs } from "../../contracts/model.ts";
import { errorText, systemCode } from "../../base/errors.ts";
import { ensureDir, remove, writeDurable } from "../../base/files.ts";
import { plainLine } from "../../base/text.ts";
import type { Clock } from "../../base/time.ts";
import { Draft } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { callOf } from "./_cli-arguments.ts";
import { readOutput } from "./_cli-output.ts";
import type { Printed } from "./_cli-output.ts";
import { toldAnew, toldOf } from "./_cli-prompt.ts";
import type { Told } from "./_cli-prompt.ts";
import { runProgram } from "./_cli-run.ts";
import { classify } from "./_classify.ts";
import { inTurn } from "./_cli-turns.ts";

export const dialect = defineDialect({ id: "cli", stream });

async function* stream(request: ModelRequest, io: DialectIo): AsyncGenerator<ModelEvent, void> {
  const draft = new Draft(request, io.clock.now());
  try {
    const { program } = request.endpoint;
    const { programs } = io;
    if (!program || !programs) throw new Error("no program is configured for this model");
    if (request.forOwner !== true) throw new CallFailed({ class: "unknown", code: "owner_only", message: OWNER_ONLY });
    yield { type: "start" };
    const printed = await inTurn(program.serialize ? program.command : undefined, { io, signal: request.signal }, () =>
      answered(request, { backend: program, programs, clock: io.clock }),
    );
    draft.responseId = printed.sessionId;
    if (printed.usage) draft.usage = printed.usage;
    draft.text().text = printed.text;
    yield { type: "text", delta: printed.text };
    yield draft.done("stop");
  } catch (error) {
    yield draft.error(failureOf(error, request));
  }
}

/** A conversation that the program has forgotten is told to it anew, once. */
async function answered(request: ModelRequest, place: Place): Promise<Printed> {
  const told = toldOf(request);
  if (told.sessionId === undefined) return called(request, told, place);
  try {
    return await called(request, told, place);
  } catch (error) {
    if (request.signal.aborted || !(error instanceof CallFailed) || !isForgotten(error.failure)) throw error;
    return called(request, toldAnew(request), place);
  }
}

function isForgotten({ message }: ModelFailure): boolean {
  return /\b(?:session|conversation|thread|rollout)\b[^.]{0,80}\b(?:not found|not exist|unknown|invalid|expired)|no (?:conversation|session|rollout) found|not a valid session/i.test(
    message,
  );
}

interface Place {
  readonly backend: CliBackend;
  readonly programs: Programs;
  readonly clock: Clock;
}

async function called(request: ModelRequest, told: Told, { backend, programs, clock }: Place): Promise<Printed> {
  const { endpoint, signal } = request;
  const fresh = told.sessionId === undefined && backend.sessionMode === "always" ? programs.uuid() : undefined;
  const scratch = join(programs.scratch, programs.uuid());
  try {
    const system = request.system.map(({ text }) => text).join("\n\n");
    const call = callOf(backend, {
      model: endpoint.model.id,
      prompt: told.text,
      system,
      images: await writtenImages(told, scratch),
      unattended: request.unattended === true,
      ...(backend.systemPromptFileArg === undefined ? {} : { systemFile: await writtenSystem(system, scratch) }),
      ...(told.sessionId === undefined ? {} : { resume: told.sessionId }),
      ...(fresh === undefined ? {} : { fresh }),
    });
    const folder = request.folder ?? scratch;
    if (request.folder === undefined) await ensureDir(scratch);
    const ended = await runProgram({ backend, call, folder, programs, clock, signal, timeoutMs: endpoint.timeoutMs });
    const printed = readOutput(ended.stdout, call.output, backend);
    if (printed.problem !== undefined) throw failed(printed.problem);
    if (ended.code !== 0) throw failed(ended.stderr || printed.text || `it ended with ${ended.code ?? ended.signal}`);
    if (printed.text === "") throw failed("it answered nothing");
    const sessionId = printed.sessionId ?? told.sessionId ?? fresh;
    return sessionId === undefined || backend.sessionMode === "none" ? printed : { ...printed, sessionId };
  } finally {
    await remove(scratch);
  }
}

async function writtenImages({ images }: Told, folder: string): Promise<string[]> {
  const paths: string[] = [];
  if (images.length > 0) await ensureDir(folder);
  for (const [i, { data, mimeType }] of images.entries()) {
    const path = join(folder, `picture-${i + 1}.${mimeType.replace(/^.*\//, "").replace(/[^a-z0-9]/g, "")}`);
    await writeDurable(path, Buffer.from(data, "base64"));
    paths.push(path);
  }
  return paths;
}

async function writtenSystem(system: string, folder: string): Promise<string> {
  await ensureDir(folder);
  const path = join(folder, "system-prompt.md");
  await writeDurable(path, system);
  return path;
}

function failed(reason: string): CallFailed {
  const message = plainLine(reason.slice(-4 * MOST_SAID)).slice(-MOST_SAID);
  return new CallFailed({ class: classify({ status: undefined, text: message }), message });
}

const OWNER_ONLY = "programs on this machine answer the owner only";

/** Characters of what a program says about its failure. */
const MOST_SAID = 400;

function failureOf(error: unknown, { endpoint, signal }: ModelRequest): ModelFailure {
  const command = endpoint.program?.command ?? endpoint.provider;
  if (signal.aborted) return { class: "abort", message: "The call was stopped." };
  if (error instanceof CallFailed) return { ...error.failure, message: `${command}: ${error.failure.message}` };
  const code = systemCode(error);
  const advice = `Install it, or set agents.defaults.cliBackends.${endpoint.provider}.command.`;
  const message = `The program ${command} could not be used: ${errorText(error)}. ${advice}`;
  return { class: "unknown", message, ...(code === undefined ? {} : { code }) };
}
