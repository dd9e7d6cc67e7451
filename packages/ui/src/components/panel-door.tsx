import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

/** What stands beside the conversation, once its part of the page is here. */
export function PanelDoor() {
  const { panel } = useApp();
  const open = panel.place.value !== undefined;
  useEffect(() => {
    if (open) panel.part.load();
  }, [open, panel]);
  if (!open) return null;
  const chunk = panel.part.chunk.value;
  if (chunk !== undefined && chunk !== "failed") return <chunk.View />;
  return (
    <aside class="panel">
      <p class="page-wait muted">{t(chunk === "failed" ? "page.failed" : "panel.loading")}</p>
    </aside>
  );
}
