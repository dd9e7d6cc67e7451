import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import type { ModelName } from "../state/session-list.ts";
import { Command } from "./command.tsx";
import { Dialog } from "./dialog.tsx";

/** The model that is built in and needs no network. */
export function isOffline(model: ModelName | undefined): boolean {
  return model?.provider === "offline";
}

export function OfflineBanner() {
  const { model, ui } = useApp();
  if (!isOffline(model.value)) return null;
  return (
    <div class="offline-banner">
      <Icon name="alert" size={14} />
      <span>{t("model.offline.lead")}</span>
      <button type="button" class="link-button" onClick={() => (ui.models.value = true)}>
        {t("model.offline.how")}
      </button>
    </div>
  );
}

/** How to connect a real model, step by step. */
export function ModelHelp() {
  const { ui, page } = useApp();
  const open = () => {
    ui.models.value = false;
    page.openSide("models");
  };
  return (
    <Dialog open={ui.models} title={t("model.offline.title")}>
      <p>{t("model.offline.page")}</p>
      <button type="button" class="button primary" onClick={open}>
        {t("model.offline.open")}
      </button>
      <p>{t("model.offline.key")}</p>
      <Command text="ANTHROPIC_API_KEY=… openclaw start" />
      <Command text="OPENAI_API_KEY=… openclaw start" />
      <p>{t("model.offline.local")}</p>
      <p>{t("model.offline.config")}</p>
      <Command text="openclaw config set agents.defaults.model anthropic/claude-sonnet-4-5" />
    </Dialog>
  );
}
