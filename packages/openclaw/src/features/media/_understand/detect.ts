/**
 * Who could look at a file where the configuration names nobody: the provider of the model that answers, programs on
 * this machine, then providers with a key. What is there is found by looking at files, never by running anything.
 */
import { delimiter, join } from "node:path";
import { info, list } from "../../../base/files.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { ModelsService } from "../../../models/index.ts";
import { listeners } from "../providers/index.ts";
import type { Capability, Entry } from "./settings.ts";

export interface Detecting {
  readonly platform: Platform;
  readonly models: ModelsService;
  readonly config: ConfigSnapshot;
  readonly agentId: string;
  /** Provider of the model that answers. */
  readonly provider: string | undefined;
}

const KEYED: Readonly<Record<Capability, readonly string[]>> = {
  audio: ["openai", "groq", "xai", "deepgram", "google", "elevenlabs", "mistral"],
  image: ["openai", "anthropic", "google", "minimax"],
  video: ["google"],
};

/** In order; the first that answers wins. */
export async function detected(capability: Capability, detecting: Detecting): Promise<readonly Entry[]> {
  const { provider } = detecting;
  const able = provider !== undefined && hears(provider, capability) && (await isReady(provider, detecting));
  const programs = capability === "audio" ? await localPrograms(detecting.platform) : [];
  const configured = Object.keys((detecting.config.at("models.providers") as object | undefined) ?? {});
  const order = [...configured.filter((name) => hears(name, capability)), ...KEYED[capability]];
  const ready: string[] = [];
  for (const name of new Set(order)) if (name !== provider && (await isReady(name, detecting))) ready.push(name);
  return [...(able ? [{ provider }] : []), ...programs, ...ready.map((name) => ({ provider: name }))];
}

function hears(provider: string, capability: Capability): boolean {
  if (capability === "image") return KEYED.image.includes(provider);
  return listeners[provider]?.[capability]?.model !== undefined;
}

async function isReady(provider: string, { models, config, agentId }: Detecting): Promise<boolean> {
  return models.access(provider, config, { agentId }).then(
    ({ apiKey }) => apiKey !== undefined,
    () => false,
  );
}

async function localPrograms(platform: Platform): Promise<readonly Entry[]> {
  const { env } = platform;
  const entries: Entry[] = [];
  const sherpa = await onPath(platform, "sherpa-onnx-offline");
  const folder = env["SHERPA_ONNX_MODEL_DIR"];
  if (sherpa !== undefined && folder !== undefined) {
    const parts = await sherpaModel(folder);
    if (parts) entries.push({ type: "cli", command: sherpa, args: [...parts, "{{MediaPath}}"] });
  }
  const whisperCpp = await onPath(platform, "whisper-cli");
  const model = env["WHISPER_CPP_MODEL"];
  if (whisperCpp !== undefined && model !== undefined && (await info(model))?.isFile)
    entries.push({
      type: "cli",
      command: whisperCpp,
      args: ["-m", model, "-otxt", "-of", "{{OutputBase}}", "-np", "-nt", "{{MediaPath}}"],
    });
  const whisper = await onPath(platform, "whisper");
  if (whisper !== undefined)
    entries.push({
      type: "cli",
      command: whisper,
      args: ["--output_format", "txt", "--output_dir", "{{OutputDir}}", "--verbose", "False", "{{MediaPath}}"],
    });
  return entries;
}

/** Encoder, decoder, joiner and tokens: the model is complete with all four. */
async function sherpaModel(folder: string): Promise<readonly string[] | undefined> {
  const names = await list(folder);
  const file = (pattern: RegExp) => names.find((name) => pattern.test(name));
  const found = {
    tokens: file(/^tokens\.txt$/),
    encoder: file(/encoder.*\.onnx$/),
    decoder: file(/decoder.*\.onnx$/),
    joiner: file(/joiner.*\.onnx$/),
  };
  if (Object.values(found).includes(undefined)) return undefined;
  return Object.entries(found).map(([name, value]) => `--${name}=${join(folder, value ?? "")}`);
}

async function onPath({ env }: Platform, program: string): Promise<string | undefined> {
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder, program);
    const found = await info(path).catch(() => undefined);
    if (found?.isFile && (found.mode & 0o111) !== 0) return path;
  }
  return undefined;
}
