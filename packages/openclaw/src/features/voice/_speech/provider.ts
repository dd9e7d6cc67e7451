/** A voice that can be asked for speech: light data here, the asking is loaded when it is needed. */
import type { Clock } from "../../../base/time.ts";
import type { Fetch } from "../../../base/fetch.ts";
import type { Random } from "../../../base/ids.ts";
import type { Connect } from "../../../base/socket.ts";
import { plainLine } from "../../../base/text.ts";
import type { Programs } from "../../../contracts/model.ts";

/** How it should sound; each provider takes what it knows. */
export interface VoiceWishes {
  readonly voice?: string;
  readonly model?: string;
  /** 1 = as usual. */
  readonly speed?: number;
  readonly volume?: number;
  readonly pitch?: number;
  readonly emotion?: string;
  readonly stability?: number;
  readonly similarityBoost?: number;
  readonly style?: number;
  readonly useSpeakerBoost?: boolean;
  readonly applyTextNormalization?: "auto" | "on" | "off";
  /** Two letters. */
  readonly languageCode?: string;
  readonly seed?: number;
}

/** `voice-note`: Opus in Ogg, for networks that show voice messages; `file`: MP3. */
export type SoundPurpose = "voice-note" | "file";

export interface SpeechJob {
  readonly text: string;
  readonly purpose: SoundPurpose;
  readonly wishes: VoiceWishes;
  /** The operator's settings for this provider, over those of the environment. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How it should sound, in words; for providers that can be told. */
  readonly manner?: string;
  /** The first of the catalog: for whoever has said nothing. */
  readonly usual: { readonly model: string; readonly voice: string };
  readonly access: SpeechAccess;
  readonly signal: AbortSignal;
}

export interface SpeechAccess {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SpeechIo {
  readonly fetch: Fetch;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly random: Random;
  readonly programs: Programs;
}

export interface Sound {
  readonly audio: Uint8Array;
  readonly mimeType: string;
  /** The provider's own word for it, such as `opus_48000_64`. */
  readonly format: string;
}

export type Synthesize = (job: SpeechJob, io: SpeechIo) => Promise<Sound>;

export interface SpeechProvider {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly label: string;
  /** Whose credential it uses; absent = it has one of its own (`env`), or needs none. */
  readonly vendor?: string;
  /** Settings that the environment may hold, each with its variables in their order. */
  readonly env?: Readonly<Record<string, readonly string[]>>;
  readonly baseUrl: string;
  /** Where it is tried when nobody chose; absent = only when it was chosen or when others failed. */
  readonly rank?: number;
  /** Settings of which one makes it ready; all of those joined by `+`. Instead of `vendor`. */
  readonly needs?: readonly string[];
  /** Without a key, and therefore the last: only where speech was turned on and nobody else is ready. */
  readonly keyless?: true;
  /** Longest wait unless the operator says otherwise, ms; absent = as `messages.tts.timeoutMs`. */
  readonly timeoutMs?: number;
  readonly models: readonly string[];
  readonly voices: readonly string[];
  readonly load: () => Promise<{ readonly synthesize: Synthesize }>;
}

/** What went wrong at a provider, in one sentence without secrets. */
export class SpeechFailed extends Error {}

const MAX_AUDIO = 32 * 1024 * 1024;
const CONNECT_MS = 30_000;
const MAX_SAID = 300;

/** One request that is answered with sound, or with JSON. Rejects with `SpeechFailed`. */
export async function request(
  { access, signal }: Pick<SpeechJob, "access" | "signal">,
  { fetch }: Pick<SpeechIo, "fetch">,
  call: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly type?: string;
  },
): Promise<Uint8Array> {
  const url = /^https?:/.test(call.path) ? call.path : `${access.baseUrl}${call.path}`;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": call.type ?? "application/json", ...call.headers, ...access.headers },
    body: call.body,
    signal,
    connectTimeoutMs: CONNECT_MS,
    maxBytes: MAX_AUDIO,
    egress: { origin: new URL(url).origin },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw new SpeechFailed(`HTTP ${response.status}${saidIn(bytes, access.apiKey)}`);
  if (bytes.length === 0) throw new SpeechFailed("it sent no sound");
  return bytes;
}

/** The message of an error, if it is one of the usual shapes. */
function saidIn(bytes: Uint8Array, key = ""): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  const said = /"(?:message|detail|error|msg)"\s*:\s*"([^"]{1,300})"/.exec(text)?.[1] ?? "";
  const shown = plainLine(key === "" ? said : said.replaceAll(key, "***")).slice(0, MAX_SAID);
  return shown === "" ? "" : `: ${shown}`;
}

export function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    throw new SpeechFailed("its answer is no JSON");
  }
}

/** A setting of the operator as text; empty counts as absent. */
export function textIn(settings: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  return names
    .map((name) => settings[name])
    .find((value): value is string => typeof value === "string" && value !== "");
}

export function numberIn(settings: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = settings[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
