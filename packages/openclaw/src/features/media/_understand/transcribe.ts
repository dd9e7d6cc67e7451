/** Sound that somebody names becomes words: the entries of `tools.media.audio`, else whoever is found, in their order. */
import { basename } from "node:path";
import { readBytes } from "../../../base/files.ts";
import { kindOfMime, mimeOf } from "../../../base/file-type.ts";
import { errorText } from "../../../base/errors.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { Models } from "../../../models/index.ts";
import { errors } from "../errors.ts";
import { listeners } from "../providers/index.ts";
import { detected } from "./detect.ts";
import { isProgram, reasonOf } from "./look.ts";
import type { Eyes } from "./look.ts";
import { settingsFor } from "./settings.ts";
import type { Entry } from "./settings.ts";
import { attempt } from "./understand.ts";

export interface Listening {
  readonly config: ConfigSnapshot;
  readonly agentId: string;
  /** Absent: as configured. */
  readonly provider?: string;
  readonly model?: string;
  /** ISO 639-1. */
  readonly language?: string;
  readonly prompt?: string;
  readonly signal: AbortSignal;
}

export interface Transcript {
  readonly text: string;
  readonly provider: string;
  readonly model?: string;
  /** Everybody who was asked before, and why that came to nothing. */
  readonly attempts: readonly { readonly provider: string; readonly error: string }[];
}

export interface Ear {
  readonly id: string;
  /** Its usual one; absent = it must be named. */
  readonly model?: string;
  readonly ready: boolean;
}

/** Throws `AUDIO_UNREADABLE`, `AUDIO_NOBODY` or `AUDIO_FAILED`. */
export async function transcribe(deps: Omit<Eyes, "files">, path: string, wanted: Listening): Promise<Transcript> {
  const { config, agentId, provider, model, language, prompt, signal } = wanted;
  const told = settingsFor(config, "audio");
  const settings = {
    ...told,
    ...(language === undefined ? {} : { language }),
    ...(prompt === undefined ? {} : { prompt }),
  };
  const { data, mimeType } = await soundAt(path, settings.maxBytes);
  const named = provider === undefined ? undefined : { provider, ...(model === undefined ? {} : { model }) };
  const entries = named ? [named] : told.models.length > 0 ? told.models : await found(deps, config, agentId);
  if (entries.length === 0) throw errors.AUDIO_NOBODY();
  const file = { id: "", path, kind: "audio", mimeType, fileName: basename(path), bytes: data.length, at: 0 } as const;
  const eyes = { ...deps, files: { read: () => Promise.resolve(Buffer.from(data)) } };
  const attempts: { provider: string; error: string }[] = [];
  for (const entry of entries) {
    try {
      // What was asked for now stands over what an entry says.
      const asked = {
        ...entry,
        ...(language === undefined ? {} : { language }),
        ...(prompt === undefined ? {} : { prompt }),
      };
      const task = { capability: "audio", settings, file, situation: { config, agentId, signal } } as const;
      const { text, provider: who, model: which } = await attempt(eyes, task, asked);
      return { text, provider: who, ...(which === undefined ? {} : { model: which }), attempts };
    } catch (error) {
      signal.throwIfAborted();
      attempts.push({ provider: nameOf(entry), error: reasonOf(error) });
    }
  }
  throw errors.AUDIO_FAILED({ attempts });
}

/** Everybody who can hear: the services that are known, and programs that were named or found. */
export async function ears(
  deps: Omit<Eyes, "files">,
  { config, agentId }: Pick<Listening, "config" | "agentId">,
): Promise<readonly Ear[]> {
  const ready = new Set((await found(deps, config, agentId)).map(nameOf));
  const models = await deps.use(Models);
  const known = Object.entries(listeners).flatMap(([id, { audio }]) => (audio ? [{ id, model: audio.model }] : []));
  const services = await Promise.all(
    known.map(async ({ id, model }) => ({
      id,
      ...(model === undefined ? {} : { model }),
      ready: ready.has(id) || (await hasKey(models.access(id, config, { agentId }))),
    })),
  );
  const named = settingsFor(config, "audio").models.filter(isProgram).map(nameOf);
  const programs = [...ready, ...named].filter((id) => !known.some((one) => one.id === id));
  return [...services, ...[...new Set(programs)].map((id) => ({ id, ready: true }))];
}

async function hasKey(access: Promise<{ readonly apiKey?: string }>): Promise<boolean> {
  return access.then(
    ({ apiKey }) => apiKey !== undefined,
    () => false,
  );
}

async function found(
  { platform, use }: Omit<Eyes, "files">,
  config: ConfigSnapshot,
  agentId: string,
): Promise<readonly Entry[]> {
  return detected("audio", { platform, models: await use(Models), config, agentId, provider: undefined });
}

async function soundAt(path: string, maxBytes: number): Promise<{ data: Uint8Array; mimeType: string }> {
  const refuse = (reason: string) => errors.AUDIO_UNREADABLE({ path: basename(path), reason });
  const data = await readBytes(path, maxBytes).catch((error: unknown) => {
    throw refuse(errorText(error));
  });
  if (!data) throw refuse("it does not exist");
  const mimeType = mimeOf(data, basename(path));
  const kind = kindOfMime(mimeType);
  if (kind !== "audio" && kind !== "video") throw refuse(`it holds no sound (${mimeType})`);
  return { data, mimeType };
}

function nameOf(entry: Entry): string {
  return isProgram(entry) ? (entry.command?.split("/").at(-1) ?? "program") : (entry.provider ?? "");
}
