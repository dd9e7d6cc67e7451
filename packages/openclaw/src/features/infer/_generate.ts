/** Bodies of `infer image generate|edit|providers` and `infer video generate|providers`. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { cwd } from "node:process";
import { errorText } from "../../base/errors.ts";
import { mimeOf } from "../../base/file-type.ts";
import { ensureDir, move, readBytes, remove, writeDurable } from "../../base/files.ts";
import { compact } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { Generate } from "../generate/index.ts";
import type { Kind, Made, Reference, Wishes } from "../generate/index.ts";
import { fullRef, textOf } from "./_ask.ts";
import { answered } from "./_envelope.ts";
import type { Done, Output } from "./_envelope.ts";
import { errors } from "./errors.ts";
import { filesOf } from "./_files.ts";

const MAX_BYTES = 20 * 1024 * 1024;

export const imageGenerate = made("image", "image.generate");
export const imageEdit = made("image", "image.edit");
export const videoGenerate = made("video", "video.generate");
export const imageProviders = providersOf("image");
export const videoProviders = providersOf("video");

function made(kind: Kind, capability: string) {
  return (context: CliContext): Promise<number | void> => {
    const { config, options, signal, use } = context;
    return answered(context, capability, async () => {
      const wishes = wishesOf(options);
      const references = await referencesOf(filesOf(options));
      if (capability === "image.edit" && references.length === 0) throw errors.INFER_NOTHING_ASKED({ flag: "--file" });
      const generate = await use(Generate);
      const timeoutMs = Number(options["timeoutMs"] ?? 0);
      const result = await generate.make({
        kind,
        config: await config(),
        wishes,
        references,
        signal,
        ...compact({ model: fullRef(options), timeoutMs: timeoutMs > 0 ? timeoutMs : undefined }),
      });
      return doneWith(result, typeof options["output"] === "string" ? options["output"] : undefined);
    });
  };
}

function wishesOf(options: Readonly<Record<string, unknown>>): Wishes {
  const text = (name: string) => (typeof options[name] === "string" ? String(options[name]) : undefined);
  const number = (name: string) => (Number(options[name]) > 0 ? Number(options[name]) : undefined);
  return {
    prompt: textOf(options, "prompt"),
    ...compact({
      count: number("count"),
      size: text("size"),
      aspectRatio: text("aspectRatio"),
      resolution: text("resolution")?.toUpperCase(),
      quality: text("quality"),
      outputFormat: text("outputFormat"),
      background: text("background") ?? text("openaiBackground"),
      durationSeconds: number("duration"),
      audio: options["audio"] === true ? true : undefined,
      watermark: options["watermark"] === true ? true : undefined,
    }),
  };
}

function referencesOf(paths: readonly string[]): Promise<readonly Reference[]> {
  return Promise.all(
    paths.map(async (given) => {
      const refuse = (reason: string) => errors.INFER_FILE({ path: given, reason });
      const data = await readBytes(resolve(cwd(), given), MAX_BYTES).catch((error: unknown) => {
        throw refuse(errorText(error));
      });
      if (!data) throw refuse("it does not exist");
      const mimeType = mimeOf(data, "");
      const kind = (["image", "video", "audio"] as const).find((one) => mimeType.startsWith(`${one}/`));
      if (kind === undefined) throw refuse(`it is ${mimeType}, and no picture, video or sound`);
      return { kind, data, mimeType };
    }),
  );
}

/** Files go where they are wanted; several of them get numbers. */
async function doneWith(result: Made, wanted: string | undefined): Promise<Done> {
  const { attempts, files, ignored, model, normalization, provider } = result;
  const outputs: Output[] = [];
  for (const [i, file] of files.entries()) {
    if (!("path" in file)) {
      outputs.push({ text: file.url, url: file.url });
      continue;
    }
    const path =
      wanted === undefined ? file.path : placeFor(wanted, { from: file.path, number: i + 1, of: files.length });
    if (path !== file.path) {
      await ensureDir(dirname(path));
      // Another disk is no reason to lose what was paid for.
      await move(file.path, path).catch(async () => {
        await writeDurable(path, (await readBytes(file.path, file.bytes)) ?? "");
        await remove(file.path);
      });
    }
    outputs.push({ path, mimeType: file.mimeType, bytes: file.bytes });
  }
  const notes = compact({
    normalization: normalization.length === 0 ? undefined : normalization,
    ignoredOverrides: ignored.length === 0 ? undefined : ignored,
  });
  return {
    provider,
    model,
    attempts: attempts.map(({ error, ...one }) => ({ ...one, ok: error === undefined, ...compact({ error }) })),
    outputs: outputs.map((one) => ({ ...one, ...notes })),
  };
}

/** A name without an ending gets the one of what was made. */
function placeFor(
  wanted: string,
  { from, number, of }: { readonly from: string; readonly number: number; readonly of: number },
): string {
  const path = resolve(cwd(), wanted);
  const ending = extname(path) === "" ? extname(from) : extname(path);
  const stem = basename(path, extname(path));
  return join(dirname(path), `${stem}${of > 1 ? `-${number}` : ""}${ending}`);
}

function providersOf(kind: Kind) {
  return ({ config, use, ...context }: CliContext): Promise<number | void> =>
    answered({ config, use, ...context }, `${kind}.providers`, async () => {
      const views = await (await use(Generate)).providers(kind, await config());
      return {
        outputs: views.map(({ id, label, configured, defaultModel, models, capabilities }) => ({
          text: `${id.padEnd(12)} ${(configured ? "ready" : "no key").padEnd(8)} ${label}: ${models.join(", ")}`,
          id,
          configured,
          defaultModel,
          models,
          capabilities,
        })),
      };
    });
}
