/** `tools.media`, as it holds for one capability. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";

export type Capability = "image" | "audio" | "video";
export const CAPABILITIES: readonly Capability[] = ["image", "audio", "video"];

/** One way of looking at a file: a model of a provider, or a program. */
export interface Entry {
  readonly type?: "provider" | "cli";
  readonly provider?: string;
  readonly model?: string;
  readonly profile?: string;
  readonly preferredProfile?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly capabilities?: readonly Capability[];
  readonly prompt?: string;
  readonly maxChars?: number;
  readonly maxBytes?: number;
  readonly timeoutSeconds?: number;
  readonly language?: string;
  /** Variables of the machine that its program needs. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Rule {
  readonly action: "allow" | "deny";
  readonly match?: { readonly channel?: string; readonly chatType?: string; readonly keyPrefix?: string };
}

export interface CapabilitySettings {
  readonly enabled?: boolean;
  readonly prompt?: string;
  readonly maxChars?: number;
  readonly maxBytes: number;
  readonly timeoutSeconds: number;
  readonly language?: string;
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly attachments?: {
    readonly mode?: "first" | "all";
    readonly maxAttachments?: number;
    readonly prefer?: "first" | "last" | "path" | "url";
  };
  readonly scope?: { readonly default?: "allow" | "deny"; readonly rules?: readonly Rule[] };
  readonly models: readonly Entry[];
  readonly echoTranscript?: boolean;
  readonly echoFormat?: string;
}

const LIMITS: Readonly<Record<Capability, { maxBytes: number; timeoutSeconds: number; maxChars?: number }>> = {
  image: { maxBytes: 10_485_760, timeoutSeconds: 60, maxChars: 500 },
  audio: { maxBytes: 20_971_520, timeoutSeconds: 60 },
  video: { maxBytes: 52_428_800, timeoutSeconds: 120, maxChars: 500 },
};

/** What a provider is known for, where an entry of the shared list does not say. */
const KNOWN_FOR: Readonly<Record<string, readonly Capability[]>> = {
  openai: ["image"],
  anthropic: ["image"],
  minimax: ["image"],
  google: ["image", "audio", "video"],
  groq: ["audio"],
  deepgram: ["audio"],
  elevenlabs: ["audio"],
  mistral: ["audio"],
  xai: ["audio"],
  moonshot: ["image"],
  qwen: ["image", "video"],
  zai: ["image"],
  openrouter: ["image"],
  deepinfra: ["image"],
};

/** Entries of the capability's own list, then those of the shared list that fit it. */
export function settingsFor(config: ConfigSnapshot, capability: Capability): CapabilitySettings {
  const own = (config.at(`tools.media.${capability}`) as Partial<CapabilitySettings> | undefined) ?? {};
  const shared = (config.at("tools.media.models") as readonly Entry[] | undefined) ?? [];
  const models = [...(own.models ?? []), ...shared.filter((entry) => capabilitiesOf(entry).includes(capability))];
  return { ...LIMITS[capability], ...own, models };
}

export function concurrencyOf(config: ConfigSnapshot): number {
  const value = config.at("tools.media.concurrency");
  return typeof value === "number" && value >= 1 ? Math.floor(value) : 2;
}

function capabilitiesOf({ capabilities, type, provider, command }: Entry): readonly Capability[] {
  if (capabilities !== undefined) return capabilities;
  return type === "cli" || command !== undefined ? CAPABILITIES : (KNOWN_FOR[provider ?? ""] ?? []);
}

/** What is asked where nobody says otherwise. */
export function promptOf(
  capability: Capability,
  { prompt, maxChars }: { readonly prompt?: string; readonly maxChars?: number },
): string {
  if (prompt !== undefined) return prompt;
  if (capability === "audio") return "Transcribe the audio.";
  const hint = maxChars === undefined ? "" : ` Use at most ${maxChars} characters.`;
  return `Describe the ${capability}.${hint}`;
}
