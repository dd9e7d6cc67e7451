import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import { isOffline } from "./offline.tsx";

export function Header({ title }: { readonly title: string }) {
  const { ui, model, panel, conversation, newChat } = useApp();
  const name = model.value;
  return (
    <header class="header">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label={t("rail.open")}
        onClick={() => (ui.drawer.value = true)}
      >
        <Icon name="panel" size={18} />
      </button>
      <h1 class="header-title" title={title}>
        {title}
      </h1>
      {name !== undefined && (
        <button
          type="button"
          class={isOffline(name) ? "chip offline" : "chip"}
          title={`${t("model.label", { model: `${name.provider}/${name.model}` })} · ${t("session.settings")}`}
          aria-expanded={panel.place.value?.kind === "session"}
          onClick={() => panel.open({ kind: "session", sessionKey: conversation.key.value })}
        >
          {isOffline(name) ? t("model.offline") : name.model}
        </button>
      )}
      <button type="button" class="icon-button only-narrow" aria-label={t("rail.new")} onClick={() => void newChat()}>
        <Icon name="new" size={18} />
      </button>
    </header>
  );
}
