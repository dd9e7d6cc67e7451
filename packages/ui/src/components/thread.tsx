import { useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { copyText } from "../lib/clipboard.ts";
import { FOLLOW, extendDown, extendUp, hold, sliceOf } from "../lib/window.ts";
import type { Window } from "../lib/window.ts";
import { useApp } from "../state/app.ts";
import { EmptyThread } from "./empty-thread.tsx";
import { RowView } from "./row.tsx";
import { StatusLine } from "./status-line.tsx";

/** Distance to an end, in pixels, at which more rows are put into the page. */
const NEAR = 800;
/** Distance to the bottom that still counts as being there. */
const BOTTOM = 40;

export function Thread() {
  const { conversation, sessions } = useApp();
  const rows = conversation.stored.value;
  const keys = useMemo(() => rows.map((row) => row.key), [rows]);
  const [window, setWindow] = useState<Window>(FOLLOW);
  const { from, to } = sliceOf(window, keys);
  const following = window.top === undefined;
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const anchor = useAnchor(scroller);
  const lastTop = useRef(0);
  const { loaded, olderOffset } = conversation.conversation.value;

  function move(next: Window): void {
    anchor.remember();
    setWindow(next);
  }

  /** Puts rows in at the end that is near. */
  function fill(): void {
    const box = scroller.current;
    if (box === null || !loaded) return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (box.scrollTop < NEAR && from > 0) move(extendUp(window, keys));
    else if (box.scrollTop < NEAR && from === 0) conversation.loadOlder();
    else if (below < NEAR && to < keys.length) move(extendDown(window, keys));
  }

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    const up = box.scrollTop < lastTop.current;
    lastTop.current = box.scrollTop;
    if (following && up && below > BOTTOM) setWindow(hold(window, keys));
    else if (!following && to === keys.length && below <= BOTTOM) setWindow(FOLLOW);
    else fill();
  }

  // Whoever says something wants to see it.
  const sentKey = conversation.sent.value;
  useEffect(() => {
    if (sentKey !== undefined) setWindow(FOLLOW);
  }, [sentKey]);
  useLayoutEffect(() => {
    if (following) toBottom(scroller.current);
    else anchor.restore();
  });
  useEffect(fill, [keys, window, loaded, olderOffset]);
  useEffect(() => {
    if (!following || inner.current === null) return undefined;
    const observer = new ResizeObserver(() => toBottom(scroller.current));
    observer.observe(inner.current);
    return () => observer.disconnect();
  }, [following]);

  return (
    <div class="thread">
      <div ref={scroller} class="thread-scroll" onScroll={onScroll} onClick={onCopyClick} tabIndex={-1}>
        <div
          ref={inner}
          class="thread-inner"
          role="region"
          aria-label={t("thread.label", { name: sessions.assistant.value.name })}
        >
          <ThreadTop shown={from === 0} />
          {rows.slice(from, to).map((row) => (
            <RowView key={row.key} row={row} />
          ))}
          {to === keys.length && <LooseRows empty={rows.length === 0} />}
        </div>
      </div>
      {!following && (
        <button
          type="button"
          class="to-latest"
          aria-label={t("thread.latest")}
          title={t("thread.latest")}
          onClick={() => setWindow(FOLLOW)}
        >
          <Icon name="down" />
        </button>
      )}
      <StatusLine />
    </div>
  );
}

/** Rows of the running answer: they change with every token, so they render apart from the rest. */
function LooseRows({ empty }: { readonly empty: boolean }) {
  const { conversation } = useApp();
  const rows = conversation.loose.value;
  const loaded = useComputed(() => conversation.conversation.value.loaded);
  if (empty && rows.length === 0 && loaded.value) return <EmptyThread />;
  return (
    <>
      {rows.map((row) => (
        <RowView key={row.key} row={row} />
      ))}
    </>
  );
}

function ThreadTop({ shown }: { readonly shown: boolean }) {
  const { conversation } = useApp();
  const { loaded } = conversation.conversation.value;
  if (conversation.problem.value !== undefined) {
    return (
      <p class="thread-note complaint" role="alert">
        <Icon name="alert" size={14} />
        <span>{conversation.problem.value}</span>
      </p>
    );
  }
  if (!loaded) return <p class="thread-note muted">{t("thread.loading")}</p>;
  return shown && conversation.loadingOlder.value ? <p class="thread-note muted">{t("thread.older")}</p> : null;
}

/** Keeps a row where it is on the screen while rows come and go around it. */
function useAnchor(scroller: { readonly current: HTMLElement | null }) {
  const kept = useRef<{ element: Element; top: number } | undefined>(undefined);
  return {
    remember: () => {
      const box = scroller.current?.getBoundingClientRect();
      if (box === undefined) return;
      for (const element of scroller.current?.querySelectorAll(".row") ?? []) {
        const { top, bottom } = element.getBoundingClientRect();
        if (bottom <= box.top) continue;
        kept.current = { element, top };
        return;
      }
    },
    restore: () => {
      const before = kept.current;
      kept.current = undefined;
      if (before === undefined || scroller.current === null || !before.element.isConnected) return;
      scroller.current.scrollTop += before.element.getBoundingClientRect().top - before.top;
    },
  };
}

function toBottom(box: HTMLElement | null): void {
  if (box !== null) box.scrollTop = box.scrollHeight;
}

/** One listener for the copy buttons inside rendered Markdown. */
function onCopyClick(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  const code = button?.closest(".code")?.querySelector("code");
  if (button === null || code === null || code === undefined) return;
  void copyText(code.textContent ?? "").then((done) => {
    if (!done) return;
    button.textContent = t("code.copied");
    setTimeout(() => (button.textContent = t("code.copy")), 1500);
  });
}
