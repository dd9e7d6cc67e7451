import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import { titleOf } from "../state/session-title.ts";
import { Announcer } from "./announcer.tsx";
import { Approvals } from "./approvals.tsx";
import { Composer } from "./composer.tsx";
import { Confirm } from "./confirm.tsx";
import { ConnectionBar } from "./connection-bar.tsx";
import { Header } from "./header.tsx";
import { ModelHelp, OfflineBanner } from "./offline.tsx";
import { Palette } from "./palette.tsx";
import { Rail } from "./rail.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Thread } from "./thread.tsx";
import { Toasts } from "./toasts.tsx";

export function Shell() {
  const { conversation, sessions, ui } = useApp();
  const key = conversation.key.value;
  const row = sessions.row(key);
  const title = row === undefined ? t("app.name") : titleOf(row);
  useShortcuts();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  return (
    <div class="shell" data-drawer={ui.drawer.value}>
      <a class="skip" href="#composer">
        {t("app.skip")}
      </a>
      <Rail />
      <div class="veil" onClick={() => (ui.drawer.value = false)} />
      <main class="centre">
        <ConnectionBar />
        <Header title={title} />
        <OfflineBanner />
        <Thread key={key} />
        <Approvals />
        <Composer key={`composer ${key}`} />
      </main>
      <Palette />
      <ModelHelp />
      <Confirm />
      <Toasts />
      <Announcer />
    </div>
  );
}
