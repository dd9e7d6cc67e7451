/** What the page's address says. */

export interface Address {
  /** `ws(s)://…` of the gateway that served the page, base path included. */
  readonly gateway: string;
  /** Token from `#token=`; it never travels. */
  readonly token?: string;
  /** `?session=`: the conversation to open. */
  readonly session?: string;
}

/** `script`: URL of the running module, which stands in `<base>/assets/`. */
export function readAddress(href: string, script: string): Address {
  const page = new URL(href);
  const base = new URL(script).pathname.replace(/\/(assets|src)\/[^/]*$/, "/");
  const token = new URLSearchParams(page.hash.slice(1)).get("token");
  const session = page.searchParams.get("session");
  return {
    gateway: `${page.protocol === "https:" ? "wss:" : "ws:"}//${page.host}${base}`,
    ...(token === null || token === "" ? {} : { token }),
    ...(session === null || session === "" ? {} : { session }),
  };
}

/** A place of the settings: `#settings`, `#settings=gateway.port`, `#settings&file`. */
export interface Place {
  /** A config path; empty for the front. */
  readonly at: string;
  /** The file as text. */
  readonly file: boolean;
}

export function readPlace(href: string): Place | undefined {
  const fragment = new URLSearchParams(new URL(href).hash.slice(1));
  const at = fragment.get("settings");
  return at === null ? undefined : { at, file: fragment.has("file") };
}

/** The address showing a place of the settings, or none. */
export function withPlace(href: string, place: Place | undefined): string {
  const page = new URL(href);
  if (place === undefined) page.hash = "";
  else page.hash = `settings${place.at === "" ? "" : `=${encodeURIComponent(place.at)}`}${place.file ? "&file" : ""}`;
  return page.href;
}

/** Pages with an address of their own beside the settings: `#models`, `#skills`. */
export const SIDE_PAGES = ["models", "usage", "skills"] as const;
export type SidePage = (typeof SIDE_PAGES)[number];

/** The one that the address shows. */
export function readSide(href: string): SidePage | undefined {
  const { hash } = new URL(href);
  return SIDE_PAGES.find((name) => hash === `#${name}`);
}

export function withSide(href: string, name: SidePage): string {
  const page = new URL(href);
  page.hash = name;
  return page.href;
}

/** The address without secrets, showing `session`. */
export function cleanAddress(href: string, session: string | undefined): string {
  const page = new URL(href);
  const fragment = new URLSearchParams(page.hash.slice(1));
  if (fragment.has("token")) page.hash = new URL(withPlace(href, readPlace(href))).hash;
  page.searchParams.delete("token");
  if (session === undefined) page.searchParams.delete("session");
  else page.searchParams.set("session", session);
  return page.href;
}
