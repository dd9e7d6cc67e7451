import type { SessionRow } from "openclaw/client";
import { t } from "../i18n/index.ts";
import { groupSessions } from "../model/groups.ts";
import { useApp } from "../state/app.ts";
import { SessionItem } from "./session-item.tsx";

export function SessionList() {
  const { sessions, conversation, page } = useApp();
  const here = page.settings.value === undefined ? conversation.key.value : undefined;
  const rows = sessions.rows.value;
  const groups = groupSessions(rows, Date.now());
  return (
    <div class="sessions" onKeyDown={moveFocus}>
      {groups.map((group) => (
        <section key={group.id} aria-labelledby={`group-${group.id}`}>
          <h2 id={`group-${group.id}`}>{group.title}</h2>
          <ul>
            {group.rows.map((row: SessionRow) => (
              <SessionItem key={row.key} row={row} here={here} />
            ))}
          </ul>
        </section>
      ))}
      {rows.length <= 1 && <p class="muted sessions-empty">{t("rail.empty")}</p>}
    </div>
  );
}

/** Arrow keys walk through the list. */
function moveFocus(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (!(event.target instanceof HTMLElement) || !event.target.matches(".session-open")) return;
  const all = [...document.querySelectorAll<HTMLElement>(".session-open")];
  const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
