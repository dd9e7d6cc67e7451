/** What was typed while an answer runs, kept in the tab for each conversation. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { newId } from "../lib/ids.ts";
import type { Keeper } from "../lib/storage.ts";

export interface Queued {
  readonly id: string;
  readonly text: string;
}

export interface Queue {
  readonly items: ReadonlySignal<readonly Queued[]>;
  add(text: string): void;
  edit(id: string, text: string): void;
  /** Removes it and gives it back. */
  take(id: string): Queued | undefined;
  /** Shows the queue of another conversation. */
  open(sessionKey: string): void;
}

export function createQueue(kept: Keeper): Queue {
  const items = signal<readonly Queued[]>([]);
  let place = "";

  function save(next: readonly Queued[]): void {
    items.value = next;
    kept.set(place, next.length === 0 ? undefined : JSON.stringify(next));
  }

  return {
    items,
    add: (text) => save([...items.value, { id: newId(), text }]),
    edit: (id, text) => save(items.value.map((item) => (item.id === id ? { id, text } : item))),
    take: (id) => {
      const found = items.value.find((item) => item.id === id);
      save(items.value.filter((item) => item.id !== id));
      return found;
    },
    open: (sessionKey) => {
      place = `queue.${sessionKey}`;
      items.value = parse(kept.get(place));
    },
  };
}

function parse(text: string | undefined): readonly Queued[] {
  if (text === undefined) return [];
  try {
    const items: unknown = JSON.parse(text);
    return Array.isArray(items) ? items.filter(isQueued) : [];
  } catch {
    return [];
  }
}

function isQueued(item: unknown): item is Queued {
  return typeof item === "object" && item !== null && "id" in item && "text" in item && typeof item.text === "string";
}
