/** Logins as older versions kept them. Pure. */
import { isRecord, record } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";

/** Whether a document is the flat one of before: providers at the top, no `profiles`. */
export function isFlat(raw: Loose): boolean {
  if (isRecord(raw["profiles"]) || "version" in raw) return false;
  const values = Object.values(raw);
  return values.length > 0 && values.every((value) => isRecord(value) && credential(value) !== undefined);
}

/** Profiles by id, `<provider>:default` or `<provider>:<email>`, of a flat document or of `oauth.json`. */
export function profilesOfFlat(raw: Loose): Readonly<Record<string, Loose>> {
  const found: Record<string, Loose> = {};
  for (const [name, value] of Object.entries(raw)) {
    const entry = record(value);
    const read = credential(entry);
    if (read === undefined || name === "__proto__") continue;
    const provider = typeof entry["provider"] === "string" ? entry["provider"] : name.split(":", 1)[0];
    const email = read["type"] === "oauth" ? entry["email"] : undefined;
    const id = name.includes(":") ? name : `${name}:${typeof email === "string" && email !== "" ? email : "default"}`;
    found[id] = { ...read, provider };
  }
  return found;
}

/** What is kept of an entry: its own fields under the names of today. */
function credential(entry: Loose): Loose | undefined {
  const { apiKey, key, token, access, type: _type, mode: _mode, provider: _provider, ...rest } = entry;
  if (isText(access) || isText(rest["refresh"])) return { ...rest, type: "oauth", access };
  if (isText(token)) return { ...rest, type: "token", token };
  const own = isText(key) ? key : apiKey;
  return isText(own) ? { ...rest, type: "api_key", key: own } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The document with those profiles that it does not have yet. */
export function withProfiles(raw: Loose, more: Readonly<Record<string, Loose>>): Loose {
  return { version: 1, ...raw, profiles: { ...more, ...record(raw["profiles"]) } };
}
