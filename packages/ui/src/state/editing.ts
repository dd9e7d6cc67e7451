/** Messages that are being said anew, kept in the tab beside the draft of their conversation. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Keeper } from "../lib/storage.ts";

export interface Edited {
  readonly entryId: string;
  readonly text: string;
}

export interface Editing {
  /** The message of the open conversation that is being said anew. */
  readonly message: ReadonlySignal<Edited | undefined>;
  begin(message: Edited): void;
  write(text: string): void;
  end(): void;
  /** Shows that of another conversation. */
  open(sessionKey: string): void;
}

export function createEditing(kept: Keeper): Editing {
  const message = signal<Edited | undefined>(undefined);
  let place = "";
  const keep = (next: Edited | undefined) => kept.set(place, next === undefined ? undefined : JSON.stringify(next));
  const set = (next: Edited | undefined) => {
    message.value = next;
    keep(next);
  };
  return {
    message,
    begin: set,
    // The box has the text; what is kept is for the next time that it is made.
    write: (text) => message.value !== undefined && keep({ ...message.value, text }),
    end: () => set(undefined),
    open: (sessionKey) => {
      place = `edit.${sessionKey}`;
      message.value = parse(kept.get(place));
    },
  };
}

function parse(text: string | undefined): Edited | undefined {
  if (text === undefined) return undefined;
  try {
    const { entryId, text: said } = JSON.parse(text) as Partial<Edited>;
    return typeof entryId === "string" && typeof said === "string" ? { entryId, text: said } : undefined;
  } catch {
    return undefined;
  }
}
