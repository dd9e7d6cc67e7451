import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

export function Toasts() {
  const { ui } = useApp();
  return (
    <div class="toasts" role="status">
      {ui.toasts.value.map((toast) => (
        <div key={toast.id} class="toast">
          <span>{toast.text}</span>
          {toast.action !== undefined && (
            <button type="button" class="link-button" onClick={toast.action.run}>
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={t("toast.dismiss")}
            onClick={() => ui.dismiss(toast.id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
