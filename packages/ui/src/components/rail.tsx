import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { SIDE_PAGES } from "../lib/address.ts";
import { isMac } from "../lib/platform.ts";
import { useApp } from "../state/app.ts";
import type { Theme } from "../state/ui.ts";
import { SessionList } from "./session-list.tsx";

export function Rail({ covered }: { readonly covered: boolean }) {
  const { ui, connection, page, newChat } = useApp();
  return (
    <nav class="rail" aria-label={t("rail.label")} inert={covered}>
      <AssistantCard />
      <div class="rail-actions">
        <button type="button" class="rail-button" onClick={() => void newChat()}>
          <Icon name="new" />
          <span>{t("rail.new")}</span>
        </button>
        <button type="button" class="rail-button" onClick={() => (ui.palette.value = true)}>
          <Icon name="search" />
          <span>{t("rail.search")}</span>
          <kbd>{isMac() ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        {SIDE_PAGES.map((name) => (
          <button
            key={name}
            type="button"
            class="rail-button"
            aria-current={page.side.value === name ? "page" : undefined}
            onClick={() => page.openSide(name)}
          >
            <Icon name={name} />
            <span>{t(`rail.${name}`)}</span>
          </button>
        ))}
        <button
          type="button"
          class="rail-button"
          aria-current={page.settings.value === undefined ? undefined : "page"}
          onClick={() => page.openSettings()}
        >
          <Icon name="settings" />
          <span>{t("rail.settings")}</span>
        </button>
      </div>
      <SessionList />
      <footer class="rail-foot">
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label={t("rail.logout")}
          title={t("rail.logout")}
          onClick={() => connection.logout()}
        >
          <Icon name="logout" />
        </button>
        <span class="version">{__VERSION__}</span>
      </footer>
    </nav>
  );
}

function AssistantCard() {
  const { sessions, connection, ui } = useApp();
  const { name, avatar } = sessions.assistant.value;
  const online = connection.link.value.phase === "open";
  const working = sessions.rows.value.some((row) => row.hasActiveRun);
  const state = online ? (working ? "working" : "ready") : "away";
  return (
    <div class="assistant">
      <span class="avatar" aria-hidden="true">
        {avatar}
        <span class={`dot ${state}`} />
      </span>
      <span class="assistant-text">
        <strong>{name}</strong>
        <small>{online ? t(working ? "state.working" : "state.ready") : t("connection.offline")}</small>
      </span>
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label={t("rail.close")}
        onClick={() => (ui.drawer.value = false)}
      >
        <Icon name="close" size={18} />
      </button>
    </div>
  );
}

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

function ThemeButton() {
  const { ui } = useApp();
  const theme = ui.theme.value;
  const label = t("rail.theme", { theme: t(`theme.${theme}`) });
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => (ui.theme.value = NEXT[theme])}
    >
      <Icon name={theme} />
    </button>
  );
}
