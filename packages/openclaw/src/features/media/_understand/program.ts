/**
 * A program that looks at a file. Its arguments are templates; what it prints is the answer, else the one text file
 * that it wrote to the folder it was given. It ends when it prints too much or takes too long.
 */
import { basename, dirname, extname, join } from "node:path";
import { childEnv } from "../../../base/env.ts";
import { ensureDir, list, readText, remove } from "../../../base/files.ts";
import { uuid } from "../../../base/ids.ts";
import type { Platform } from "../../../contracts/service.ts";
import { expand } from "./template.ts";

export interface Running {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly mediaPath: string;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const MOST_BYTES = 5 * 1024 * 1024;

/** Throws what went wrong, in words for the log. */
export async function runProgram(platform: Platform, running: Running): Promise<string> {
  const { command, args, mediaPath, signal, env = {} } = running;
  const folder = join(platform.paths.state, "media", "tmp", uuid(platform.random));
  await ensureDir(folder);
  try {
    const name = basename(mediaPath, extname(mediaPath));
    const values = {
      ...running.values,
      MediaPath: mediaPath,
      MediaUrl: mediaPath,
      MediaDir: dirname(mediaPath),
      OutputDir: folder,
      OutputBase: join(folder, name),
    };
    const argv: [string, ...string[]] = [command, ...args.map((arg) => expand(arg, values))];
    const printed = await outputOf(platform, { argv, cwd: folder, env: childEnv(platform.env, { ...env }), signal });
    return printed.trim() === "" ? await written(folder) : printed;
  } finally {
    await remove(folder);
  }
}

async function outputOf(
  platform: Platform,
  given: { argv: [string, ...string[]]; cwd: string; env: Record<string, string>; signal: AbortSignal },
): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const flood = new AbortController();
  const child = await platform.spawn({
    ...given,
    signal: AbortSignal.any([given.signal, flood.signal]),
    onOutput(stream, piece) {
      if (stream !== "stdout" || flood.signal.aborted) return;
      bytes += piece.length;
      if (bytes > MOST_BYTES) flood.abort();
      else pieces.push(Buffer.from(piece));
    },
  });
  const { code, signal } = await child.exit;
  given.signal.throwIfAborted();
  if (flood.signal.aborted) throw new Error(`it printed more than ${MOST_BYTES} bytes`);
  if (code !== 0) throw new Error(`it ended with ${code === null ? `signal ${signal}` : `code ${code}`}`);
  return Buffer.concat(pieces).toString("utf8");
}

async function written(folder: string): Promise<string> {
  const texts = (await list(folder)).filter((name) => name.endsWith(".txt"));
  return texts.length === 1 ? ((await readText(join(folder, texts[0] ?? ""), MOST_BYTES)) ?? "") : "";
}
