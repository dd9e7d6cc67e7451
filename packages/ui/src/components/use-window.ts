import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import { FOLLOW, around, extendDown, extendUp, hold, sliceOf } from "../lib/window.ts";
import type { Slice, Window } from "../lib/window.ts";

/** Distance to an end, in pixels, at which more rows are put into the page. */
const NEAR = 800;
/** Distance to the bottom that still counts as being there. */
const BOTTOM = 40;

export interface Windowed extends Slice {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly inner: RefObject<HTMLDivElement | null>;
  /** The newest row stays in sight. */
  readonly following: boolean;
  readonly onScroll: () => void;
  readonly follow: () => void;
  /** Brings a row into sight; without effect when there is none with this key. */
  readonly reveal: (key: string) => void;
}

/**
 * A scrolling list of which only a window stands in the page. Rows keep their place on the screen while rows come
 * and go around them. `onTop`: the first row is near, older ones may be loaded.
 */
export function useWindow(keys: readonly string[], onTop: () => void): Windowed {
  const [window, setWindow] = useState<Window>(FOLLOW);
  const { from, to } = sliceOf(window, keys);
  const following = window.top === undefined;
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const anchor = useAnchor(scroller);
  const lastTop = useRef(0);

  function move(next: Window): void {
    anchor.remember();
    setWindow(next);
  }

  /** Puts rows in at the end that is near. */
  function fill(): void {
    const box = scroller.current;
    if (box === null) return;
    if (box.scrollTop < NEAR && from > 0) move(extendUp(window, keys));
    else if (box.scrollTop < NEAR) onTop();
    else if (below(box) < NEAR && to < keys.length) move(extendDown(window, keys));
  }

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const up = box.scrollTop < lastTop.current;
    lastTop.current = box.scrollTop;
    if (following && up && below(box) > BOTTOM) setWindow(hold(window, keys));
    else if (!following && to === keys.length && below(box) <= BOTTOM) setWindow(FOLLOW);
    else fill();
  }

  useLayoutEffect(() => {
    if (following) toBottom(scroller.current);
    else anchor.restore();
  });
  useEffect(fill, [keys, window, onTop]);
  useEffect(() => {
    if (!following || inner.current === null) return undefined;
    const observer = new ResizeObserver(() => toBottom(scroller.current));
    observer.observe(inner.current);
    return () => observer.disconnect();
  }, [following]);

  /** Key of a row that is to be shown once it stands in the page. */
  const wanted = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const at = wanted.current === undefined ? -1 : keys.indexOf(wanted.current);
    if (at < from || at >= to) return;
    wanted.current = undefined;
    show(inner.current?.querySelectorAll(":scope > .row")[at - from]);
  });

  function reveal(key: string): void {
    const at = keys.indexOf(key);
    if (at < 0) return;
    wanted.current = key;
    setWindow(around(at, keys));
  }

  return { from, to, scroller, inner, following, onScroll, follow: () => setWindow(FOLLOW), reveal };
}

/** Keeps a row where it is on the screen while rows come and go around it. */
function useAnchor(scroller: { readonly current: HTMLElement | null }) {
  const kept = useRef<{ element: Element; top: number } | undefined>(undefined);
  return {
    remember: () => {
      const box = scroller.current?.getBoundingClientRect();
      const rows = [...(scroller.current?.querySelectorAll(".row") ?? [])];
      const element = rows.find((row) => box !== undefined && row.getBoundingClientRect().bottom > box.top);
      kept.current = element === undefined ? undefined : { element, top: element.getBoundingClientRect().top };
    },
    restore: () => {
      const before = kept.current;
      kept.current = undefined;
      if (before === undefined || scroller.current === null || !before.element.isConnected) return;
      scroller.current.scrollTop += before.element.getBoundingClientRect().top - before.top;
    },
  };
}

function below(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}

function toBottom(box: HTMLElement | null): void {
  if (box !== null) box.scrollTop = box.scrollHeight;
}

function show(row: Element | undefined): void {
  row?.scrollIntoView({ block: "center" });
  row?.classList.remove("shown");
  // Begins anew where it was shown a moment ago.
  requestAnimationFrame(() => row?.classList.add("shown"));
}
