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
import { PanelDoor } from "./panel-door.tsx";
import { Rail } from "./rail.tsx";
import { SettingsDoor, SideDoor } from "./settings-door.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Thread } from "./thread.tsx";
import { Toasts } from "./toasts.tsx";

export function Shell() {
  const { conversation, page, panel, sessions, ui, narrow } = useApp();
  const key = conversation.key.value;
  const row = sessions.row(key);
  const settings = page.settings.value !== undefined;
  const side = page.side.value;
  const chat = !settings && side === undefined;
  const name = row === undefined ? t("app.name") : titleOf(row);
  const title = settings ? t("rail.settings") : side === undefined ? name : t(`rail.${side}`);
  const beside = chat && panel.place.value !== undefined;
  // Where it covers the conversation, nothing behind it can be reached.
  const covered = beside && narrow.value;
  useShortcuts();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  return (
    <div class="shell" data-drawer={ui.drawer.value} data-panel={beside}>
      {chat && (
        <a class="skip" href="#composer">
          {t("app.skip")}
        </a>
      )}
      <Rail covered={covered} />
      <div class="veil" onClick={() => (ui.drawer.value = false)} />
      <main class="centre" inert={covered}>
        <ConnectionBar />
        {settings && <SettingsDoor />}
        {side !== undefined && <SideDoor name={side} />}
        {chat && (
          <>
            <Header title={title} />
            <OfflineBanner />
            <Thread key={key} />
          </>
        )}
        <Approvals />
        {chat && <Composer key={`composer ${key}`} />}
      </main>
      {chat && <PanelDoor />}
      <Palette />
      <ModelHelp />
      <Confirm />
      <Toasts />
      <Announcer />
    </div>
  );
}
