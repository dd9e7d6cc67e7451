import type { SessionRow } from "openclaw/client";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { exactTime, shortTime } from "../lib/time.ts";
import { useApp } from "../state/app.ts";
import { titleOf } from "../state/session-title.ts";
import { Menu } from "./menu.tsx";

interface Props {
  readonly row: SessionRow;
  readonly current: boolean;
}

export function SessionItem({ row, current }: Props) {
  const { ui, openSession, askReset, remove, sessions } = useApp();
  const title = titleOf(row);
  if (ui.renaming.value === row.key) return <RenameField row={row} title={title} />;
  const isMain = row.key === sessions.mainKey.value;

  function onKey(event: KeyboardEvent): void {
    if (event.key === "F2") ui.renaming.value = row.key;
    if (event.key === "Delete" && !isMain) remove(row.key);
  }

  return (
    <li class="session" data-current={current}>
      <button
        type="button"
        class="session-open"
        aria-current={current ? "true" : undefined}
        onClick={() => openSession(row.key)}
        onKeyDown={onKey}
      >
        <span class="session-title">{title}</span>
        {row.hasActiveRun ? (
          <span class="spinner" role="img" aria-label={t("session.running")} title={t("session.running")} />
        ) : row.unread === true && !current ? (
          <span class="unread" role="img" aria-label={t("session.unread")} />
        ) : (
          row.updatedAt !== null && (
            <time class="session-time" title={exactTime(row.updatedAt)}>
              {shortTime(row.updatedAt, Date.now())}
            </time>
          )
        )}
      </button>
      <Menu
        label={t("session.menu", { title })}
        items={[
          { icon: "edit", label: t("session.rename"), run: () => (ui.renaming.value = row.key) },
          { icon: "reset", label: t("session.reset"), run: () => askReset(row.key) },
          ...(isMain
            ? []
            : [{ icon: "delete" as const, label: t("session.delete"), run: () => remove(row.key), danger: true }]),
        ]}
      />
    </li>
  );
}

function RenameField({ row, title }: { readonly row: SessionRow; readonly title: string }) {
  const { ui, rename } = useApp();
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => field.current?.select(), []);

  function finish(keep: boolean): void {
    if (done.current) return;
    done.current = true;
    const label = field.current?.value.trim() ?? "";
    ui.renaming.value = undefined;
    if (keep && label !== title) void rename(row.key, label);
  }

  return (
    <li class="session">
      <input
        ref={field}
        class="session-rename"
        aria-label={t("session.rename.label")}
        defaultValue={title}
        maxLength={120}
        onBlur={() => finish(true)}
        onKeyDown={(event) => {
          if (event.key === "Enter") finish(true);
          if (event.key === "Escape") {
            event.preventDefault();
            finish(false);
          }
        }}
      />
    </li>
  );
}
