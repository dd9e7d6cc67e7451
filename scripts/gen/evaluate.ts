/** Loads the role files, to learn what file names cannot say: token names, ids, and what the reference pages print. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Found } from "./collect.ts";
import { ROLES } from "./roles.ts";

export type Item = Readonly<Record<string, unknown>>;

export interface Evaluated {
  /** Items by role name, in the order of the registry. */
  readonly items: Readonly<Record<string, readonly Item[]>>;
  /** Files by the name of the token they provide. */
  readonly services: ReadonlyMap<string, string>;
  readonly vendors: readonly Item[];
}

/** Throws a sentence naming the file when a role file lacks its export or repeats a name that must be unique. */
export async function evaluate(found: Found): Promise<Evaluated> {
  const items: Record<string, Item[]> = {};
  for (const { role, from, key, record } of ROLES) {
    const files = [...(found.roles[role] ?? []), ...(role === "config" ? extensionConfigs(found) : [])];
    const owners = new Map<unknown, string>();
    items[role] = [];
    for (const file of files) {
      const exported = await load(found, file, from);
      const all = record ? Object.values(exported as object) : exported;
      if (!Array.isArray(all)) throw new Error(`${file}: the export ${from} must be an array`);
      if (key) for (const item of all) claim(owners, item[key], file, `${role} ${key}`);
      items[role].push(...all);
    }
  }
  await named(found, found.dialects, "dialect");
  const vendors = await named(found, found.vendors, "vendor");
  return { items, services: await tokenNames(found), vendors };
}

async function tokenNames(found: Found): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const file of found.services) {
    const providers = (await load(found, file, "services")) as { token: { name: string } }[];
    for (const { token } of providers) claim(owners, token.name, file, "service token");
  }
  return owners;
}

/** Dialects and vendors are found by file name, so their ids must be their file names. */
async function named(found: Found, files: readonly string[], from: string): Promise<Item[]> {
  const all: Item[] = [];
  for (const file of files) {
    const item = (await load(found, file, from)) as Item;
    if (!file.endsWith(`/${String(item["id"])}.ts`))
      throw new Error(`${file}: its id is ${JSON.stringify(item["id"])}, so it belongs in ${String(item["id"])}.ts`);
    all.push(item);
  }
  return all;
}

async function load(found: Found, file: string, name: string): Promise<unknown> {
  const module = (await import(pathToFileURL(join(found.src, file)).href)) as Record<string, unknown>;
  if (!(name in module)) throw new Error(`${file}: there is no export named ${name}`);
  return module[name];
}

function claim<K>(owners: Map<K, string>, key: K, file: string, what: string): void {
  const owner = owners.get(key);
  if (owner !== undefined) throw new Error(`${file}: the ${what} ${JSON.stringify(key)} is already taken by ${owner}`);
  owners.set(key, file);
}

function extensionConfigs(found: Found): string[] {
  return found.extensions.flatMap(({ config }) => (config ? [config] : []));
}
