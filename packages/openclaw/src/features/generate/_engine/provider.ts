/** Who can make pictures, videos and music: light data here, the asking is loaded when it is needed. */
import { Fault, errorText } from "../../../base/errors.ts";
import type { Fetch } from "../../../base/fetch.ts";
import { record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { redact } from "../../../base/redact.ts";
import { onOneLine, shortened } from "../../../base/text.ts";

export type Kind = "image" | "video" | "music";
export const KINDS: readonly Kind[] = ["image", "video", "music"];

/** What was asked for; a provider gets what it can do of it. */
export interface Wishes {
  readonly prompt: string;
  /** How many, from 1. */
  readonly count?: number;
  /** `1024x1536`. */
  readonly size?: string;
  /** `16:9`. */
  readonly aspectRatio?: string;
  /** `1K`, `2K`, `4K`; of a video `720P`, `1080P`. */
  readonly resolution?: string;
  readonly quality?: string;
  readonly outputFormat?: string;
  readonly background?: string;
  /** Settings that only OpenAI has: `moderation`, `outputCompression`, `user`. */
  readonly openai?: Loose;
  readonly durationSeconds?: number;
  readonly audio?: boolean;
  readonly watermark?: boolean;
  readonly lyrics?: string;
  readonly instrumental?: boolean;
  readonly format?: string;
  /** Goes into the request as it is. */
  readonly providerOptions?: Loose;
}

export interface Reference {
  readonly kind: "image" | "video" | "audio";
  readonly data: Uint8Array;
  readonly mimeType: string;
  /** Such as `first_frame`. */
  readonly role?: string;
}

export interface Access {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Not the vendor's own address: files may come from there although it is a private one. */
  readonly configured: boolean;
}

export interface Job {
  readonly kind: Kind;
  readonly model: string;
  readonly wishes: Wishes;
  readonly references: readonly Reference[];
  readonly access: Access;
  /** The operator's settings for this provider. */
  readonly settings: Loose;
  readonly signal: AbortSignal;
}

export interface Io {
  readonly fetch: Fetch;
  readonly uuid: () => string;
}

/** What a provider made: the bytes, or where they are. */
export type Found =
  | { readonly data: Uint8Array }
  | {
      readonly url: string;
      /** For the provider's own address only; never sent anywhere else. */
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Ready, or the provider's word under which it is asked for later. */
export type Progress = { readonly files: readonly Found[] } | { readonly operation: string };

export interface Adapter {
  /** Asks for it: from here on it may cost. Rejects with `GenerationFailed`. */
  begin(job: Job, io: Io): Promise<Progress>;
  /** How far it is; costs nothing. */
  poll?(operation: string, job: Job, io: Io): Promise<Progress>;
}

/** What a model can do. Everything that is not named is left out of the request and reported. */
export interface Abilities {
  /** Files of one call. */
  readonly out: number;
  /** Reference pictures, videos and sounds that it takes. */
  readonly images: number;
  readonly videos?: number;
  readonly audios?: number;
  /** `free`: any within what its adapter makes of it. */
  readonly sizes?: readonly string[] | "free";
  readonly aspectRatios?: readonly string[];
  readonly resolutions?: readonly string[];
  readonly seconds?: readonly number[] | { readonly min: number; readonly max: number };
  /** Wishes that are passed on as they are. */
  readonly takes?: readonly (keyof Wishes)[];
}

export interface Offer {
  readonly models: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly can: (model: string, hasReferences: boolean) => Abilities;
  /** Another model where this one cannot do it at all. */
  readonly modelFor?: (model: string, wishes: Wishes, references: readonly Pick<Reference, "kind">[]) => string;
  readonly load: () => Promise<{ readonly adapter: Adapter }>;
  /** Only when it was named: never because nobody chose. */
  readonly onlyNamed?: true;
}

export interface GenerationProvider {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly label: string;
  /** Empty: the vendor's own. */
  readonly baseUrl: string;
  /** Variables that say that somebody has a key. */
  readonly keyEnv: readonly string[];
  readonly makes: Readonly<Partial<Record<Kind, Offer>>>;
}

/** What went wrong at a provider, in one sentence without secrets. */
export class GenerationFailed extends Error {
  /** It was refused before anything was made: asking somebody else cannot cost twice. */
  readonly refused: boolean;
  /** Worth asking again. */
  readonly passing: boolean;
  constructor(message: string, how: { readonly refused?: boolean; readonly passing?: boolean } = {}) {
    super(message);
    this.refused = how.refused ?? false;
    this.passing = how.passing ?? false;
  }
}

const CONNECT_MS = 600_000;
const MAX_SAID = 300;
/** Four pictures of 16 MB as Base64. */
export const MAX_ANSWER = 96 * 1024 * 1024;
/** An answer that says how far it is. */
export const MAX_STATE = 2 * 1024 * 1024;

export interface Call {
  /** From the base address on, or a whole address of the same origin. */
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly form?: FormData;
  readonly maxBytes?: number;
}

/** One request to the provider's own address that is answered with JSON. Rejects with `GenerationFailed`. */
export async function call(
  { access, signal }: Pick<Job, "access" | "signal">,
  { fetch }: Io,
  asked: Call,
): Promise<Loose> {
  const url = /^https?:/.test(asked.path) ? asked.path : `${access.baseUrl}${asked.path}`;
  const { origin } = new URL(access.baseUrl);
  if (!URL.canParse(url) || new URL(url).origin !== origin) throw new GenerationFailed("it named an address elsewhere");
  const { body, type } = await bodyOf(asked);
  const response = await fetch(url, {
    method: asked.method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...(type === undefined ? {} : { "content-type": type }), ...asked.headers, ...access.headers },
    ...(body === undefined ? {} : { body }),
    signal,
    connectTimeoutMs: CONNECT_MS,
    maxBytes: asked.maxBytes ?? MAX_ANSWER,
    egress: { origin },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return parsed(bytes);
  const { status } = response;
  const passing = status === 408 || status === 425 || status === 429 || status >= 500;
  const said = saidIn(bytes, access.apiKey);
  throw new GenerationFailed(`HTTP ${status}${said === "" ? "" : `: ${said}`}`, { refused: status < 500, passing });
}

async function bodyOf({ json, form }: Call): Promise<{ body?: string | Uint8Array; type?: string }> {
  if (json !== undefined) return { body: JSON.stringify(json), type: "application/json" };
  if (form === undefined) return {};
  const made = new Response(form);
  return { body: new Uint8Array(await made.arrayBuffer()), type: made.headers.get("content-type") ?? "" };
}

function parsed(bytes: Uint8Array): Loose {
  try {
    return record(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    throw new GenerationFailed("its answer is no JSON");
  }
}

/** The message of an error, if it is one of the usual shapes. */
function saidIn(bytes: Uint8Array, key: string | undefined): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 8192));
  const said = /"(?:message|detail|error|msg|status_msg)"\s*:\s*"((?:[^"\\]|\\.){1,400})"/.exec(text)?.[1] ?? "";
  return sentence(said, key);
}

/** A provider's own words as they may be shown. */
export function sentence(said: unknown, key?: string): string {
  if (typeof said !== "string") return "";
  const bare = key === undefined || key.length < 6 ? said : said.replaceAll(key, "…");
  return shortened(onOneLine(redact(bare)), MAX_SAID);
}

/** As it is told to people and models. */
export function reasonOf(error: unknown): string {
  const said = error instanceof GenerationFailed || error instanceof Fault ? error.message : sentence(errorText(error));
  return said.replace(/\.$/, "") || "it failed";
}

export function bearer({ apiKey }: Access): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}

export function dataUri({ data, mimeType }: Pick<Reference, "data" | "mimeType">): string {
  return `data:${mimeType};base64,${base64({ data })}`;
}

export function base64({ data }: Pick<Reference, "data">): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}

/** Base64 of an answer; `GenerationFailed` for what is none. */
export function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== "string" || text === "") throw new GenerationFailed("it sent no file");
  return Buffer.from(text.replace(/^data:[^,]{0,100},/, ""), "base64");
}

export function textAt(value: Loose, name: string): string | undefined {
  const found = value[name];
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function listAt(value: Loose, name: string): readonly Loose[] {
  const found = value[name];
  return Array.isArray(found) ? found.map(record) : [];
}

/** An id of an answer that becomes part of an address. */
export function idIn(value: Loose, name: string): string {
  const found = value[name];
  const id = typeof found === "number" ? String(found) : found;
  if (typeof id !== "string" || !/^[\w.:-]{1,300}$/.test(id))
    throw new GenerationFailed("it named nothing to wait for");
  return id;
}
