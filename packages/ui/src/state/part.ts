/** A part of the page that is loaded when it is first opened. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

export interface Part<T> {
  readonly chunk: ReadonlySignal<T | "failed" | undefined>;
  /** Loads it, also after a failure. */
  load(): void;
}

export function createPart<T>(bring: () => Promise<T>): Part<T> {
  const chunk = signal<T | "failed" | undefined>(undefined);
  let loading = false;
  return {
    chunk,
    load: () => {
      if (loading || (chunk.value !== undefined && chunk.value !== "failed")) return;
      loading = true;
      chunk.value = undefined;
      bring()
        .then(
          (brought) => (chunk.value = brought),
          () => (chunk.value = "failed"),
        )
        .finally(() => (loading = false));
    },
  };
}
