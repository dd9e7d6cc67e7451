/** The arguments and the input of a program for one call. */
import type { CliBackend, CliOutput } from "../../contracts/cli-backend.ts";
import { CallFailed } from "./_call.ts";

export interface Given {
  readonly model: string;
  readonly prompt: string;
  readonly system: string;
  /** Of the conversation that goes on. */
  readonly resume?: string;
  /** For a conversation that begins, where the program lets others name it. */
  readonly fresh?: string;
  /** Paths. */
  readonly images: readonly string[];
  /** Path of a file with the system prompt. */
  readonly systemFile?: string;
  readonly unattended: boolean;
}

export interface Call {
  readonly argv: readonly [string, ...string[]];
  readonly input?: string;
  readonly output: CliOutput;
}

export function callOf(backend: CliBackend, given: Given): Call {
  const { resume } = given;
  const prompt = backend.imageArg === undefined ? withPaths(given.prompt, given.images) : given.prompt;
  const base = resume === undefined ? backend.args : (backend.resumeArgs ?? backend.args);
  const placed = base.some((argument) => argument.includes("{prompt}"));
  const viaInput = !placed && (backend.input === "stdin" || prompt.length > (backend.maxPromptArgChars ?? Infinity));
  const argv = [
    ...base.map((argument) => filled(argument, resume, prompt)),
    ...(given.unattended ? (backend.unattendedArgs ?? []) : []),
    ...pair(backend.modelArg, modelOf(backend, given.model)),
    ...sessionOf(backend, given),
    ...systemOf(backend, given),
    ...picturesOf(backend, given.images),
    ...(viaInput || placed ? [] : [harmless(prompt)]),
  ];
  return {
    argv: [backend.command, ...argv.map((argument) => argument.replaceAll("\0", ""))],
    output: resume === undefined ? backend.output : (backend.resumeOutput ?? backend.output),
    ...(viaInput ? { input: prompt } : {}),
  };
}

/** Words of a person must not become a flag of the program. */
function harmless(prompt: string): string {
  return prompt.startsWith("-") ? ` ${prompt}` : prompt;
}

function filled(argument: string, sessionId: string | undefined, prompt: string): string {
  if (argument === "{prompt}") return harmless(prompt);
  return argument.replaceAll("{sessionId}", () => sessionId ?? "").replaceAll("{prompt}", () => prompt);
}

/** `default` leaves the choice to the program. Throws `CallFailed` for a name that a program could take for a flag. */
function modelOf({ modelAliases = {} }: CliBackend, id: string): string | undefined {
  if (id === "default") return undefined;
  if (/^-|[\s\p{Cc}]/u.test(id))
    throw new CallFailed({ class: "model_not_found", message: "that is not the name of a model" });
  return Object.hasOwn(modelAliases, id) ? modelAliases[id] : id;
}

function sessionOf({ sessionArg, sessionArgs, resumeArgs }: CliBackend, { resume, fresh }: Given): string[] {
  const id = resume ?? fresh;
  if (id === undefined || (resume !== undefined && resumeArgs !== undefined)) return [];
  if (sessionArgs) return sessionArgs.map((argument) => argument.replaceAll("{sessionId}", () => id));
  return pair(sessionArg, id);
}

function systemOf(
  { systemPromptWhen, systemPromptArg, systemPromptFileArg }: CliBackend,
  { resume, system, systemFile }: Given,
): string[] {
  if (system === "" || systemPromptWhen === "never" || (systemPromptWhen === "first" && resume !== undefined))
    return [];
  return systemFile === undefined ? pair(systemPromptArg, harmless(system)) : pair(systemPromptFileArg, systemFile);
}

function picturesOf({ imageArg, imageMode }: CliBackend, images: readonly string[]): string[] {
  if (imageArg === undefined || images.length === 0) return [];
  return imageMode === "list" ? [imageArg, images.join(",")] : images.flatMap((path) => [imageArg, path]);
}

function withPaths(prompt: string, images: readonly string[]): string {
  return images.length === 0 ? prompt : `${prompt}\n\nPictures that belong to it:\n${images.join("\n")}`;
}

function pair(flag: string | undefined, value: string | undefined): string[] {
  return flag === undefined || value === undefined ? [] : [flag, value];
}
