/** Bodies of `infer audio transcribe` and `infer audio providers`. */
import { resolve } from "node:path";
import { cwd } from "node:process";
import type { CliContext } from "../../contracts/cli.ts";
import { Agents } from "../agents/index.ts";
import { Media } from "../media/index.ts";
import { fullRef } from "./_ask.ts";
import { answered } from "./_envelope.ts";
import type { Output } from "./_envelope.ts";
import { errors } from "./errors.ts";
import { filesOf } from "./_files.ts";

export function transcribe(context: CliContext): Promise<number | void> {
  const { options, signal } = context;
  return answered(context, "audio.transcribe", async () => {
    const [path, ...more] = filesOf(options);
    if (path === undefined || path === "" || more.length > 0) throw errors.INFER_NOTHING_ASKED({ flag: "--file" });
    const ref = fullRef(options);
    const { text, provider, model, attempts } = await (
      await context.use(Media)
    ).transcribe(resolve(cwd(), path), {
      ...(await whose(context)),
      signal,
      ...(ref === undefined ? {} : { provider: ref.split("/", 1)[0] ?? ref, model: ref.slice(ref.indexOf("/") + 1) }),
      ...(typeof options["language"] === "string" ? { language: options["language"] } : {}),
      ...(typeof options["prompt"] === "string" ? { prompt: options["prompt"] } : {}),
    });
    return { provider, model: model ?? null, attempts, outputs: [{ text }] };
  });
}

export function audioProviders(context: CliContext): Promise<number | void> {
  return answered(context, "audio.providers", async () => {
    const ears = await (await context.use(Media)).ears(await whose(context));
    return {
      outputs: ears.map(({ id, model, ready }): Output => ({
        text: `${id.padEnd(12)} ${(model ?? "").padEnd(30)} ${ready ? "ready" : "no key"}`.trimEnd(),
        id,
        ready,
        ...(model === undefined ? {} : { model }),
      })),
    };
  });
}

async function whose({ config, use }: CliContext) {
  const [snapshot, agents] = await Promise.all([config(), use(Agents)]);
  return { config: snapshot, agentId: agents.default(snapshot).id };
}
