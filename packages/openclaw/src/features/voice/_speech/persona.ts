/**
 * Ways of speaking (`messages.tts.personas`): a provider with its settings, and words that say how it should sound.
 * Pure.
 */
import { isRecord, record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";

/**
 * What a persona is to providers that it says nothing about: `preserve-persona` = its words still hold,
 * `provider-defaults` = nothing of it, `fail` = they are not asked.
 */
export type FallbackPolicy = "preserve-persona" | "provider-defaults" | "fail";

export interface Persona {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly provider?: string;
  readonly policy: FallbackPolicy;
  /** How it should sound, for providers that can be told; empty = nothing was said. */
  readonly manner: string;
  /** Settings by provider, over those without a persona. */
  readonly providers: Loose;
}

const POLICIES: readonly FallbackPolicy[] = ["preserve-persona", "provider-defaults", "fail"];

/** As the prompt of a persona names them, in the order in which they are told. */
const PARTS: readonly [key: string, title: string][] = [
  ["profile", "Speaker"],
  ["scene", "Scene"],
  ["sampleContext", "Context"],
  ["style", "Style"],
  ["accent", "Accent"],
  ["pacing", "Pacing"],
];

export function personasIn(value: unknown): readonly Persona[] {
  return Object.entries(record(value)).flatMap(([id, given]) => (isRecord(given) ? [personaOf(id, given)] : []));
}

function personaOf(id: string, given: Loose): Persona {
  const { label, description, provider, fallbackPolicy, prompt, providers } = given;
  return {
    id,
    label: words(label) ?? id,
    ...(words(description) === undefined ? {} : { description: words(description) as string }),
    ...(words(provider) === undefined ? {} : { provider: words(provider) as string }),
    policy: POLICIES.find((policy) => policy === fallbackPolicy) ?? "preserve-persona",
    manner: mannerOf(record(prompt)),
    providers: record(providers),
  };
}

function mannerOf(prompt: Loose): string {
  const lines = PARTS.flatMap(([key, title]) => {
    const said = words(prompt[key]);
    return said === undefined ? [] : [`${title}: ${said}`];
  });
  const { constraints } = prompt;
  const rules = (Array.isArray(constraints) ? constraints : []).flatMap((one) => words(one) ?? []);
  return [...lines, ...rules.map((rule) => `- ${rule}`)].join("\n");
}

function words(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Whether the persona says something of this provider: its own, or one with settings. */
export function isBound({ provider, providers }: Persona, names: readonly string[]): boolean {
  return names.some((name) => name === provider || isRecord(providers[name]));
}
