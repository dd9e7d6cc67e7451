import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

/** The settings, once their part of the page is here. */
export function SettingsDoor() {
  const { page } = useApp();
  const chunk = page.chunk.value;
  useEffect(() => page.load(), [page]);
  if (chunk === undefined) return <p class="page-wait muted">{t("page.loading")}</p>;
  if (chunk !== "failed") return <chunk.Page />;
  return (
    <div class="page-wait" role="alert">
      <p>{t("page.failed")}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {t("page.reload")}
      </button>
    </div>
  );
}
