/** What stands beside the conversation: the way of a run, what fills the window, how the session is set. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { ConnectionStore } from "./connection.ts";
import type { ContextReader } from "./context-reader.ts";
import { createPart } from "./part.ts";
import type { Part } from "./part.ts";
import type { RunReader } from "./run-reader.ts";

export type PanelPlace =
  /** Without an id the newest run. */
  | { readonly kind: "run"; readonly sessionKey: string; readonly runId?: string }
  | { readonly kind: "context" | "session"; readonly sessionKey: string };

/** What the chunk of the panel brings. */
export interface PanelChunk {
  readonly runs: RunReader;
  readonly context: ContextReader;
  readonly View: ComponentType;
}

export interface PanelStore {
  readonly place: ReadonlySignal<PanelPlace | undefined>;
  readonly part: Part<PanelChunk>;
  open(place: PanelPlace): void;
  /** Closes it; the focus goes back to where it was opened. */
  close(): void;
}

export function createPanel(connection: ConnectionStore): PanelStore {
  const place = signal<PanelPlace | undefined>(undefined);
  let opener: Element | null = null;
  return {
    place,
    part: createPart(async () => {
      const { PanelView, createContextReader, createRunReader } = await import("../panel.ts");
      return { runs: createRunReader(connection), context: createContextReader(connection), View: PanelView };
    }),
    open: (next) => {
      if (place.value === undefined) opener = document.activeElement;
      place.value = next;
    },
    close: () => {
      if (place.value === undefined) return;
      place.value = undefined;
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      else document.getElementById("composer")?.focus();
      opener = null;
    },
  };
}
