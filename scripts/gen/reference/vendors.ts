/** `docs/reference/vendors.md`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, table } from "./markdown.ts";

interface Vendor {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly label: string;
  readonly api: string;
  readonly baseUrl: string;
  readonly baseUrlFrom?: (env: Readonly<Record<string, string | undefined>>) => string | undefined;
  readonly keyEnv: readonly string[];
  readonly ambient?: readonly (readonly string[])[];
  readonly defaultModel?: string;
  readonly anyModel?: boolean | readonly string[];
  readonly discovery?: object;
  readonly auth?: readonly Choice[];
  readonly documents?: true;
  readonly note?: string;
  readonly models: () => readonly Model[];
}

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly baseUrl?: string;
}

interface Model {
  readonly id: string;
  readonly reasoning: boolean;
  readonly input: readonly string[];
  readonly contextWindow: number;
  readonly maxTokens: number;
  readonly cost?: { readonly input: number; readonly output: number; readonly cacheRead: number };
}

const NO_CHAT = "none";

export function vendorsPage(items: readonly Item[]): string {
  const all = (items as unknown as Vendor[]).filter(({ api }) => api !== "offline");
  const chat = all.filter(({ api }) => api !== NO_CHAT);
  const intro =
    "Companies and servers that are known by themselves: where they are, which variables hold a key, and the models that are known of them. Prices are US dollars per million tokens and change without notice; a blank one is not known, or the models are paid otherwise. A reference is the id of the vendor, a slash and the id of the model. How to connect them: [models](../models.md).";
  return page("Vendors", intro, [
    table(["Vendor", "Id", "Models", "Key in"], chat.map(overview)),
    ...chat.map(part),
    "## Voices, pictures, videos and search",
    "These have no chat models here.",
    table(
      ["Vendor", "Id", "Key in", "For"],
      all.filter(({ api }) => api === NO_CHAT).map((one) => [cell(one.label), code(one.id), keys(one), cell(one.note)]),
    ),
  ]);
}

function overview(vendor: Vendor): string[] {
  const count = vendor.models().length;
  const more = vendor.anyModel ? (count > 0 ? " and others" : "its own") : "";
  return [`[${cell(vendor.label)}](#${vendor.id})`, code(vendor.id), `${count > 0 ? count : ""}${more}`, keys(vendor)];
}

function part(vendor: Vendor): string {
  const { id, label, aliases = [], baseUrl, note } = vendor;
  const facts = [
    `- Protocol: ${code(vendor.api)}${vendor.documents ? ", takes PDF files" : ""}`,
    ...(baseUrl ? [`- Address: ${code(baseUrl)}${asked(vendor)}`] : [`- Address: yours${asked(vendor)}`]),
    ...(vendor.keyEnv.length > 0 ? [`- Key: ${keys(vendor)}`] : []),
    ...(vendor.ambient ? [`- Or: ${vendor.ambient.map((set) => set.map(code).join(" with ")).join("; ")}`] : []),
    ...(vendor.defaultModel ? [`- Usual model: ${code(`${id}/${vendor.defaultModel}`)}`] : []),
    ...(aliases.length > 0 ? [`- Also written: ${aliases.map(code).join(", ")}`] : []),
    ...(vendor.discovery ? ["- Is asked what it serves"] : []),
  ];
  const key: Choice = { id: `${id}-api-key`, label: "API key", kind: "api_key" };
  const ways = vendor.auth ?? (vendor.keyEnv.length > 0 ? [key] : []);
  return [
    `## ${id}`,
    `**${label}.** ${note ?? ""}`.trim(),
    facts.join("\n"),
    table(["Way to connect", "`--auth-choice`", "Address"], ways.map(way)),
    table(["Model", "Window", "Answer", "Input", "Output", "Cached", "Can"], vendor.models().map(row)),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function way({ id, label, baseUrl }: Choice): string[] {
  return [cell(label), code(id), baseUrl === undefined ? "" : code(baseUrl)];
}

function row({ id, contextWindow, maxTokens, cost, reasoning, input }: Model): string[] {
  const can = [reasoning ? "think" : "", input.includes("image") ? "see" : ""].filter(Boolean).join(", ");
  const prices = cost ? [cost.input, cost.output, cost.cacheRead || ""].map(String) : ["", "", ""];
  return [code(id), thousands(contextWindow), thousands(maxTokens), ...prices, can];
}

function keys({ keyEnv }: Vendor): string {
  return keyEnv.map(code).join(", ");
}

/** The variables that an address is made of, told by reading it. */
function asked({ baseUrlFrom }: Vendor): string {
  const names = new Set<string>();
  const env = new Proxy({}, { get: (_target, name) => (names.add(String(name)), undefined) });
  baseUrlFrom?.(env);
  return names.size > 0 ? `, or as ${[...names].map(code).join(", ")} says` : "";
}

function thousands(tokens: number): string {
  return tokens >= 1_000_000 ? `${Number((tokens / 1_000_000).toFixed(2))}M` : `${Math.round(tokens / 1000)}k`;
}
