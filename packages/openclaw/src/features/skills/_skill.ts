/** From a front matter to a skill. */
import { compact, cut, onOneLine } from "../../base/text.ts";
import { parseStrict } from "../config/index.ts";
import { frontMatter } from "./_front-matter.ts";
import type { Installer, Requirements, Skill, SkillSource } from "./index.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
const MAX_DESCRIPTION = 1024;
const MAX_LIST = 64;
const MAX_WORD = 256;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const KINDS: readonly Installer["kind"][] = ["brew", "node", "go", "uv", "download"];

export interface Found {
  readonly source: SkillSource;
  readonly baseDir: string;
  readonly filePath: string;
}

type Dict = Readonly<Record<string, unknown>>;

/** The skill that a text describes, or why it describes none. */
export async function skillFrom(text: string, found: Found): Promise<Skill | { readonly problem: string }> {
  const head = frontMatter(text);
  if ("problem" in head) return head;
  const { fields } = head;
  const name = fields.get("name") ?? "";
  const description = cut(onOneLine(fields.get("description") ?? ""), MAX_DESCRIPTION);
  if (name === "") return { problem: "has no name" };
  if (!NAME.test(name))
    return { problem: `is called ${JSON.stringify(cut(name, 80))}: a name is made of a-z, 0-9 and -` };
  if (description === "") return { problem: "has no description" };
  const metadata = await metadataOf(fields.get("metadata"));
  if (metadata === undefined) return { problem: "has a metadata that is no JSON" };
  const tool = fields.get("command-dispatch") === "tool" ? fields.get("command-tool") : undefined;
  if (fields.get("command-dispatch") === "tool" && !tool)
    return { problem: "has a command-dispatch without a command-tool" };
  return compact({
    ...found,
    name,
    description,
    skillKey: word(metadata["skillKey"]) ?? name,
    homepage: fields.get("homepage") ?? word(metadata["homepage"]),
    emoji: word(metadata["emoji"]),
    userInvocable: flag(fields.get("user-invocable"), true),
    promptHidden: flag(fields.get("disable-model-invocation"), false),
    dispatch: tool === undefined ? undefined : { tool },
    always: metadata["always"] === true,
    requires: requirementsOf(metadata),
    primaryEnv: words(metadata["primaryEnv"]).find((each) => VARIABLE.test(each)),
    install: installersOf(metadata["install"]),
  }) as Skill;
}

/** The product's own block of `metadata`; empty when there is none, undefined when it cannot be read. */
async function metadataOf(text: string | undefined): Promise<Dict | undefined> {
  if (text === undefined || text === "") return {};
  // A map of plain YAML belongs to other programs: they have no requirements for us.
  if (!text.startsWith("{")) return /\b(?:openclaw|clawdbot)\b/.test(text) ? undefined : {};
  const parsed = await parseStrict(text);
  if (!parsed) return undefined;
  const all = dict(parsed.value);
  return dict(all["openclaw"] ?? all["clawdbot"]);
}

function requirementsOf(metadata: Dict): Requirements {
  const requires = dict(metadata["requires"]);
  return {
    bins: words(requires["bins"]),
    anyBins: words(requires["anyBins"]),
    env: words(requires["env"]),
    config: words(requires["config"]),
    os: words(metadata["os"]),
  };
}

function installersOf(value: unknown): readonly Installer[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_LIST).flatMap((each: unknown, at) => {
    const entry = dict(each);
    const kind = KINDS.find((known) => known === entry["kind"]);
    if (kind === undefined) return [];
    const what = ["formula", "package", "module", "url"]
      .map((key) => word(entry[key]))
      .find((each) => each !== undefined);
    const label = word(entry["label"]) ?? `Install ${what ?? "it"} (${kind})`;
    return [
      { id: word(entry["id"]) ?? `${kind}-${at}`, kind, label, bins: words(entry["bins"]), os: words(entry["os"]) },
    ];
  });
}

function dict(value: unknown): Dict {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Dict) : {};
}

function word(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? cut(value.trim(), MAX_WORD) : undefined;
}

/** A list of words; a single word counts as a list of one. */
function words(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.slice(0, MAX_LIST).flatMap((each) => word(each) ?? []);
}

function flag(text: string | undefined, byDefault: boolean): boolean {
  const said = text?.toLowerCase();
  if (said === "true" || said === "yes") return true;
  return said === "false" || said === "no" ? false : byDefault;
}
