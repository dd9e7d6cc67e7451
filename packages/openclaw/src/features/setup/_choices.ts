/** The ways to connect a model that set-up offers, as the data of the vendors states them. Pure. */
import type { AuthChoice, Vendor } from "../../contracts/model.ts";

export interface Choice extends AuthChoice {
  readonly vendor: Vendor;
  /** Variables that may hold its key, in lookup order. */
  readonly keyEnv: readonly string[];
}

/** Names that people know for a choice → its id. */
const OTHER_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^modelstudio-/, "qwen-"],
  [/^minimax-api-key$/, "minimax-api"],
];

export function choicesOf(vendors: readonly Vendor[]): Choice[] {
  const plain = vendors
    .filter(({ api }) => api !== "offline")
    .flatMap((vendor) => waysOf(vendor).map((way) => ({ ...way, vendor, keyEnv: vendor.keyEnv })));
  return plain.map((choice) => {
    // A key of another company that opens this one too comes from that company's variables.
    const owner = choice.flag && plain.find(({ flag, vendor }) => flag === choice.flag && flag === usualFlag(vendor));
    return owner ? { ...choice, keyEnv: owner.keyEnv } : choice;
  });
}

export function choiceNamed(id: string, choices: readonly Choice[]): Choice | undefined {
  const asked = id.trim();
  const known = OTHER_NAMES.reduce((name, [from, to]) => name.replace(from, to), asked);
  return [asked, known]
    .flatMap((name) => choices.find((choice) => choice.id.toLowerCase() === name.toLowerCase()) ?? [])
    .at(0);
}

/** Every flag that carries a key, once, in the order of the alphabet: `--zai-api-key`. */
export function keyFlagsOf(vendors: readonly Vendor[]): string[] {
  return [...new Set(choicesOf(vendors).flatMap(({ flag }) => flag ?? []))].toSorted();
}

/** `--zai-api-key` → `zaiApiKey`, as options are read. */
export function optionOf(flag: string): string {
  return flag.replace(/^--/, "").replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function waysOf(vendor: Vendor): AuthChoice[] {
  const auth: readonly AuthChoice[] =
    vendor.auth ??
    (vendor.keyEnv.length > 0 ? [{ id: `${vendor.id}-api-key`, label: "API key", kind: "api_key" }] : []);
  const flag = flagAmong(auth);
  return auth.map((way) => (way.kind === "api_key" && way.flag === undefined && flag ? { ...way, flag } : way));
}

function usualFlag(vendor: Vendor): string | undefined {
  return flagAmong(waysOf(vendor));
}

/** All keys of a vendor come by one flag: the one that is stated, or that of its first way. */
function flagAmong(auth: readonly AuthChoice[]): string | undefined {
  const [first] = auth.filter(({ kind }) => kind === "api_key");
  return first && (first.flag ?? `--${first.id.replace(/-api(?:-key)?$/, "")}-api-key`);
}
