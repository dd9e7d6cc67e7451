import { useComputed } from "@preact/signals";
import { useCallback, useEffect, useMemo } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { copyText } from "../lib/clipboard.ts";
import { useApp } from "../state/app.ts";
import { EmptyThread } from "./empty-thread.tsx";
import { LaterBranch } from "./message-tools.tsx";
import { RowView } from "./row.tsx";
import { StatusLine } from "./status-line.tsx";
import { useWindow } from "./use-window.ts";

export function Thread() {
  const { conversation, sessions, ui } = useApp();
  const rows = conversation.stored.value;
  const keys = useMemo(() => rows.map((row) => row.key), [rows]);
  const olderOffset = useComputed(() => conversation.conversation.value.olderOffset).value;
  const onTop = useCallback(() => conversation.history.loadOlder(), [conversation, olderOffset]);
  const list = useWindow(keys, onTop);

  // Whoever says something wants to see it.
  const sentKey = conversation.sent.value;
  useEffect(() => {
    if (sentKey !== undefined) list.follow();
  }, [sentKey]);

  const wanted = ui.reveal.value;
  useEffect(() => {
    if (wanted === undefined) return;
    ui.reveal.value = undefined;
    list.reveal(wanted.key);
  }, [wanted]);

  return (
    <div class="thread">
      <div ref={list.scroller} class="thread-scroll" onScroll={list.onScroll} onClick={onCopyClick} tabIndex={-1}>
        <div
          ref={list.inner}
          class="thread-inner"
          role="region"
          aria-label={t("thread.label", { name: sessions.assistant.value.name })}
        >
          <ThreadTop shown={list.from === 0} />
          {rows.slice(list.from, list.to).map((row) => (
            <RowView key={row.key} row={row} />
          ))}
          {list.to === keys.length && <LooseRows empty={rows.length === 0} />}
        </div>
      </div>
      {!list.following && (
        <button
          type="button"
          class="to-latest"
          aria-label={t("thread.latest")}
          title={t("thread.latest")}
          onClick={list.follow}
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
  if (empty && rows.length === 0 && loaded.value)
    return (
      <>
        <EmptyThread />
        <LaterBranch />
      </>
    );
  return (
    <>
      {rows.map((row) => (
        <RowView key={row.key} row={row} />
      ))}
      {rows.length === 0 && <LaterBranch />}
    </>
  );
}

function ThreadTop({ shown }: { readonly shown: boolean }) {
  const { conversation } = useApp();
  const loaded = useComputed(() => conversation.conversation.value.loaded);
  const problem = conversation.history.problem.value;
  if (problem !== undefined) {
    return (
      <p class="thread-note complaint" role="alert">
        <Icon name="alert" size={14} />
        <span>{problem}</span>
      </p>
    );
  }
  if (!loaded.value) return <p class="thread-note muted">{t("thread.loading")}</p>;
  return shown && conversation.history.loadingOlder.value ? <p class="thread-note muted">{t("thread.older")}</p> : null;
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
