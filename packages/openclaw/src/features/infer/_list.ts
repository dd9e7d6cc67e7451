/** Bodies of `infer list`, `infer inspect` and the lists of models. */
import type { CliContext } from "../../contracts/cli.ts";
import { Models } from "../../models/index.ts";
import type { ListedModel } from "../../models/index.ts";
import { Generate } from "../generate/index.ts";
import type { Kind } from "../generate/index.ts";
import { Agents } from "../agents/index.ts";
import { Media } from "../media/index.ts";
import { Voice } from "../voice/index.ts";
import { answered } from "./_envelope.ts";
import type { Output } from "./_envelope.ts";
import { errors } from "./errors.ts";

interface Capability {
  readonly id: string;
  readonly summary: string;
  readonly providers: (context: CliContext) => Promise<readonly string[]>;
}

const CAPABILITIES: readonly Capability[] = [
  { id: "model.run", summary: "Ask a model one thing", providers: chatProviders },
  { id: "image.describe", summary: "Look at a picture", providers: (context) => seeing(context) },
  { id: "image.describe-many", summary: "Look at several pictures", providers: (context) => seeing(context) },
  { id: "image.generate", summary: "Make a picture", providers: (context) => making(context, "image") },
  { id: "image.edit", summary: "Change a picture", providers: (context) => making(context, "image") },
  { id: "video.generate", summary: "Make a video", providers: (context) => making(context, "video") },
  { id: "audio.transcribe", summary: "Write down what is said", providers: hearing },
  { id: "tts.convert", summary: "Speak a text", providers: speaking },
  { id: "embedding.create", summary: "Vectors of texts", providers: async () => ["openai", "google", "ollama"] },
];

export function list(context: CliContext): Promise<number | void> {
  return answered(context, "list", async () => ({
    outputs: CAPABILITIES.map(({ id, summary }) => ({ text: `${id.padEnd(20)} ${summary}`, id, summary })),
  }));
}

export function inspect(context: CliContext): Promise<number | void> {
  return answered(context, "inspect", async () => {
    const wanted = (context.args[0] ?? "").trim();
    const found = CAPABILITIES.find(({ id }) => id === wanted);
    if (!found) throw errors.INFER_UNKNOWN({ capability: wanted });
    const providers = await found.providers(context);
    const text = `${found.id}: ${found.summary}\nReady: ${providers.join(", ") || "nobody"}`;
    return { outputs: [{ text, id: found.id, providers }] };
  });
}

export function models(context: CliContext): Promise<number | void> {
  return answered(context, "model.list", async () => ({ outputs: (await ready(context)).map(lineOf) }));
}

export function inspectModel(context: CliContext): Promise<number | void> {
  return answered(context, "model.inspect", async () => {
    const [service, config] = await Promise.all([context.use(Models), context.config()]);
    const { provider, api, baseUrl, model } = await service.resolve(context.args[0] ?? "", config);
    const { cost, contextWindow, maxTokens, reasoning, input } = model;
    const price = cost === undefined ? "price unknown" : `$${cost.input} in, $${cost.output} out per million tokens`;
    const text = `${provider}/${model.id}\n${model.name}\n${contextWindow} tokens, answers of ${maxTokens}\n${price}\n${api} at ${baseUrl}`;
    const facts = {
      api,
      baseUrl,
      contextWindow,
      maxTokens,
      reasoning,
      input: [...input],
      ...(cost === undefined ? {} : { cost }),
    };
    return { provider, model: model.id, outputs: [{ text, ...facts }] };
  });
}

export function modelProviders(context: CliContext): Promise<number | void> {
  return answered(context, "model.providers", async () => {
    const [service, config] = await Promise.all([context.use(Models), context.config()]);
    const rows = await service.list(config, "all");
    const byId = Map.groupBy(rows, ({ provider }) => provider);
    const outputs = [...byId].map(([id, own]): Output => {
      const available = own.some((row) => row.available);
      return {
        text: `${id.padEnd(24)} ${String(own.length).padStart(3)} models  ${available ? "ready" : "no key"}`,
        id,
        models: own.length,
        available,
      };
    });
    return { outputs };
  });
}

async function ready({ use, config }: CliContext): Promise<readonly ListedModel[]> {
  const rows = await (await use(Models)).list(await config(), "configured");
  return rows.filter(({ available }) => available);
}

function lineOf({ provider, row }: ListedModel): Output {
  return { text: `${provider}/${row.id}`, name: row.name, contextWindow: row.contextWindow };
}

async function chatProviders(context: CliContext): Promise<readonly string[]> {
  return [...new Set((await ready(context)).map(({ provider }) => provider))];
}

async function seeing(context: CliContext): Promise<readonly string[]> {
  const rows = (await ready(context)).filter(({ row }) => row.input.includes("image"));
  return [...new Set(rows.map(({ provider }) => provider))];
}

async function making({ use, config }: CliContext, kind: Kind): Promise<readonly string[]> {
  const all = await (await use(Generate)).providers(kind, await config());
  return all.filter(({ configured }) => configured).map(({ id }) => id);
}

async function hearing({ use, config }: CliContext): Promise<readonly string[]> {
  const [snapshot, agents] = await Promise.all([config(), use(Agents)]);
  const ears = await (await use(Media)).ears({ config: snapshot, agentId: agents.default(snapshot).id });
  return ears.filter(({ ready }) => ready).map(({ id }) => id);
}

async function speaking({ use, config }: CliContext): Promise<readonly string[]> {
  const { provider, fallbacks } = await (await use(Voice)).state(await config());
  return provider === undefined ? [] : [provider, ...fallbacks];
}
