/** The models that are shown, in the order in which they matter. */
import type { ListedModel } from "./index.ts";
import { aliasOf, find } from "./_refs.ts";
import type { Found } from "./_refs.ts";
import { providerIds, providerOf } from "./_providers.ts";
import type { KnownProvider } from "./_providers.ts";
import { OFFLINE, namedRefs, settings } from "./_source.ts";
import type { Source } from "./_source.ts";

/**
 * `configured`: what the operator chose and listed, then what can be called right now.
 * `all`: every model that is known, usable or not.
 */
export function listed(source: Source, defaultRef: string, view: "configured" | "all"): ListedModel[] {
  const allowlist = settings(source.config);
  const chosen = [defaultRef, ...namedRefs(source.config), ...Object.keys(allowlist ?? {})].flatMap((ref) =>
    tryFind(ref, source),
  );
  const rows = providerIds(source).flatMap((id) => rowsOf(id, source, view));
  const rest = rows.filter(
    ({ provider }) => view === "all" || provider.configured || (!allowlist && isAvailable(provider, source)),
  );
  const unique = new Map([...chosen, ...rest].map((found) => [found.ref, found]));
  const offline = unique.get(OFFLINE);
  if (offline && defaultRef !== OFFLINE) {
    unique.delete(OFFLINE);
    unique.set(OFFLINE, offline);
  }
  return [...unique.values()].map((found) => shown(found, defaultRef, source));
}

function rowsOf(id: string, source: Source, view: "configured" | "all"): Found[] {
  const provider = providerOf(id, source);
  if (!provider) return [];
  const rows = view === "all" ? provider.rows : chosenRows(provider, source);
  return rows.map((row) => ({ ref: `${id}/${row.id}`, provider, row }));
}

/** Without the hundreds that a router says it has, where a selection of them is known. */
function chosenRows({ id, rows }: KnownProvider, source: Source): KnownProvider["rows"] {
  const vendor = source.vendors.find((one) => one.id === id);
  const selection = new Set(vendor?.models().map((row) => row.id));
  const found = new Set(source.found?.(id).map((row) => row.id));
  return selection.size === 0 ? rows : rows.filter((row) => selection.has(row.id) || !found.has(row.id));
}

function tryFind(ref: string, source: Source): Found[] {
  try {
    return [find(ref, source)];
  } catch {
    return []; // A stale name must not hide the rest; using it says what is wrong.
  }
}

function shown({ ref, provider, row }: Found, defaultRef: string, source: Source): ListedModel {
  const alias = aliasOf(ref, source.config);
  return {
    provider: provider.id,
    row,
    isDefault: ref === defaultRef,
    available: isAvailable(provider, source),
    ...(alias === undefined ? {} : { alias }),
  };
}

/** A key is known, a login is stored, or neither is needed. */
function isAvailable({ id, available }: Found["provider"], { connected }: Source): boolean {
  return available || (connected?.has(id) ?? false);
}
