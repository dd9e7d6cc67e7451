/** Body of `infer model run`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Media } from "../media/index.ts";
import { ask, textOf } from "./_ask.ts";
import { answered } from "./_envelope.ts";
import type { Done } from "./_envelope.ts";
import { filesOf, partOf } from "./_files.ts";

export function modelRun(context: CliContext): Promise<number | void> {
  const { options } = context;
  return answered(context, "model.run", async () => {
    const prompt = textOf(options, "prompt");
    if (options["gateway"] === true) return throughGateway(context, prompt);
    const media = await context.use(Media);
    const parts = await Promise.all(filesOf(options).map((path) => partOf(path, media)));
    const ref = typeof options["model"] === "string" ? options["model"] : undefined;
    const thinking = typeof options["thinking"] === "string" ? options["thinking"] : "off";
    return ask(context, {
      ref,
      thinking,
      content: parts.length === 0 ? prompt : [{ type: "text", text: prompt }, ...parts],
    });
  });
}

const LONGEST_MS = 600_000;

/** A turn of an agent without tools in a conversation of its own, as the gateway gives it. */
async function throughGateway({ call, options, platform }: CliContext, prompt: string): Promise<Done> {
  const id = Buffer.from(platform.random.bytes(8)).toString("hex");
  const answer = (await call(
    "agent",
    {
      message: prompt,
      sessionKey: `agent:main:infer-${id}`,
      idempotencyKey: `infer-${id}`,
      deliver: false,
      ...(typeof options["model"] === "string" ? { model: options["model"] } : {}),
      ...(typeof options["thinking"] === "string" ? { thinking: options["thinking"] } : {}),
    },
    { scopes: ["operator.write"], timeoutMs: LONGEST_MS, final: true },
  )) as {
    readonly result?: {
      readonly payloads?: readonly { readonly text?: string }[];
      readonly meta?: { readonly agentMeta?: { readonly provider?: string; readonly model?: string } };
    };
  };
  const { payloads = [], meta } = answer.result ?? {};
  return {
    transport: "gateway",
    provider: meta?.agentMeta?.provider ?? null,
    model: meta?.agentMeta?.model ?? null,
    outputs: payloads.map(({ text = "" }) => ({ text })),
  };
}
