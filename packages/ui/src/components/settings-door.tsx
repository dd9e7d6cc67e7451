import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import type { SidePage } from "../lib/address.ts";
import { useApp } from "../state/app.ts";
import type { Part } from "../state/part.ts";

/** The settings, once their part of the page is here. */
export function SettingsDoor() {
  return <Door part={useApp().page} />;
}

/** A page beside them, likewise. */
export function SideDoor({ name }: { readonly name: SidePage }) {
  return <Door key={name} part={useApp().page.parts[name]} />;
}

function Door({ part }: { readonly part: Part<{ readonly Page: ComponentType }> }) {
  const chunk = part.chunk.value;
  useEffect(() => part.load(), [part]);
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
