import type { SessionRow } from "openclaw/client";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { exactTime, shortTime } from "../lib/time.ts";
import { below } from "../model/helpers.ts";
import { useApp } from "../state/app.ts";
import { titleOf } from "../state/session-title.ts";
import { Menu } from "./menu.tsx";
import type { MenuItem } from "./menu.tsx";

interface Props {
  readonly row: SessionRow;
  /** Key of the conversation that is open. */
  readonly here: string | undefined;
}

/** A conversation, and beneath it the helpers that it started. */
export function SessionItem({ row, here }: Props) {
  const { ui, sessions } = useApp();
  const helpers = sessions.helpers.value.get(row.key) ?? [];
  return (
    <li>
      {ui.renaming.value === row.key ? (
        <RenameField row={row} title={titleOf(row)} />
      ) : (
        <SessionLine row={row} current={row.key === here} />
      )}
      {helpers.length > 0 && <Helpers of={row.key} helpers={helpers} here={here} />}
    </li>
  );
}

function SessionLine({ row, current }: { readonly row: SessionRow; readonly current: boolean }) {
  const { ui, openSession, remove, sessions } = useApp();
  const isMain = row.key === sessions.mainKey.value;
  const actions = useActions(row);

  function onKey(event: KeyboardEvent): void {
    if (event.key === "F2") ui.renaming.value = row.key;
    if (event.key === "Delete" && !isMain) remove(row.key);
  }

  const title = titleOf(row);
  return (
    <div class="session" data-current={current}>
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
        ) : row.unread === true && !current && row.spawnedBy === undefined ? (
          <span class="unread" role="img" aria-label={t("session.unread")} />
        ) : (
          row.updatedAt !== null && (
            <time class="session-time" title={exactTime(row.updatedAt)}>
              {shortTime(row.updatedAt, Date.now())}
            </time>
          )
        )}
      </button>
      <Menu label={t("session.menu", { title })} items={actions} />
    </div>
  );
}

function useActions(row: SessionRow): () => readonly MenuItem[] {
  const { ui, panel, openSession, askReset, remove, sessions } = useApp();
  const beside = (kind: "run" | "session") => () => {
    openSession(row.key);
    panel.open({ kind, sessionKey: row.key });
  };
  return () => [
    { icon: "edit", label: t("session.rename"), run: () => (ui.renaming.value = row.key) },
    { icon: "adjust", label: t("session.settings"), run: beside("session") },
    { icon: "history", label: t("command.happened"), run: beside("run") },
    { icon: "reset", label: t("session.reset"), run: () => askReset(row.key) },
    ...(row.key === sessions.mainKey.value
      ? []
      : [{ icon: "delete" as const, label: t("session.delete"), run: () => remove(row.key), danger: true }]),
  ];
}

interface HelpersProps {
  readonly of: string;
  readonly helpers: readonly SessionRow[];
  readonly here: string | undefined;
}

function Helpers({ of, helpers, here }: HelpersProps) {
  const { sessions } = useApp();
  const all = below(of, sessions.helpers.value);
  const within = all.some((row) => row.key === here);
  const [chosen, setOpen] = useState<boolean>();
  const open = chosen ?? within;
  const running = all.filter((row) => row.hasActiveRun).length;
  const count = helpers.length;
  return (
    <div class="helpers">
      <button type="button" class="helpers-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" size={13} />
        <span>{count === 1 ? t("session.helpers.one") : t("session.helpers", { count })}</span>
        {running > 0 && (
          <>
            <span class="spinner" aria-hidden="true" />
            <span>{t("session.helpers.running", { count: running })}</span>
          </>
        )}
      </button>
      {open && (
        <ul>
          {helpers.map((row) => (
            <SessionItem key={row.key} row={row} here={here} />
          ))}
        </ul>
      )}
    </div>
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
    <div class="session">
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
    </div>
  );
}
