/** What a change does, in words. */
import { t } from "../../i18n/settings.ts";
import type { Catalogue } from "../../model/settings/schema.ts";

/** Parts that are named one by one. */
const MOST = 3;

export function noteOf(restarts: readonly string[], catalogue: Catalogue | undefined): string {
  if (restarts.length === 0) return t("note.now");
  if (restarts.includes("gateway")) return t("note.gateway");
  if (restarts.length > MOST) return t("note.parts");
  return t("note.part", { parts: partsText(restarts, catalogue) });
}

/** Names of parts: `telegram` is Telegram, as the schema calls it. */
export function partsText(parts: readonly string[], catalogue: Catalogue | undefined): string {
  const names = parts.map((part) => {
    if (part === "gateway") return t("review.gateway");
    const hints = catalogue?.uiHints;
    const label = hints?.[`channels.${part}`]?.label ?? hints?.[part]?.label;
    return label ?? part.charAt(0).toUpperCase() + part.slice(1);
  });
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}
