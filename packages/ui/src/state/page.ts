/** Which page stands in the centre: the conversation, or one that is loaded when it is first opened. */
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { readPlace, withPlace } from "../lib/address.ts";
import type { Place } from "../lib/address.ts";
import type { ConnectionStore } from "./connection.ts";
import type { SettingsStore } from "./settings.ts";
import type { Keeper } from "../lib/storage.ts";

/** What the chunk of the settings brings. */
export interface SettingsChunk {
  readonly store: SettingsStore;
  readonly Page: ComponentType;
}

export interface PageStore {
  /** The open place of the settings; undefined while the conversation stands there. */
  readonly settings: ReadonlySignal<Place | undefined>;
  /** A search that was asked for; the settings take it when they show. */
  readonly wanted: Signal<string | undefined>;
  readonly chunk: ReadonlySignal<SettingsChunk | "failed" | undefined>;
  /** `at`: a config path; the settings' front without it. */
  openSettings(at?: string): void;
  openFile(): void;
  /** Opens the settings with a search. */
  searchSettings(query: string): void;
  /** Reads the address after it changed by itself. */
  follow(): void;
  /** To the conversation, without touching the address. */
  leave(): void;
  /** Loads the chunk, also after a failure. */
  load(): void;
}

export function createPage(connection: ConnectionStore, tab: Keeper, onOpen: () => void): PageStore {
  const settings = signal(readPlace(location.href));
  const chunk = signal<SettingsChunk | "failed" | undefined>(undefined);
  const wanted = signal<string | undefined>(undefined);
  let loading = false;

  function load(): void {
    if (loading || (chunk.value !== undefined && chunk.value !== "failed")) return;
    loading = true;
    chunk.value = undefined;
    import("../settings.ts")
      .then(
        ({ SettingsPage, createSettings }) =>
          (chunk.value = { store: createSettings(connection, tab), Page: SettingsPage }),
        () => (chunk.value = "failed"),
      )
      .finally(() => (loading = false));
  }

  function open(place: Place): void {
    const href = withPlace(location.href, place);
    if (href !== location.href) history.pushState(null, "", href);
    settings.value = place;
    onOpen();
  }

  return {
    settings,
    chunk,
    load,
    searchSettings: (query) => {
      wanted.value = query;
      open({ at: "", file: false });
    },
    wanted,
    openSettings: (at = "") => open({ at, file: false }),
    openFile: () => open({ at: "", file: true }),
    follow: () => (settings.value = readPlace(location.href)),
    leave: () => (settings.value = undefined),
  };
}
