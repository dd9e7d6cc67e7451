import { useMemo } from "preact/hooks";
import { t } from "../../i18n/settings.ts";
import { useApp } from "../../state/app.ts";
import { noteOf } from "./note.ts";
import { Prose } from "./prose.tsx";
import { useSettings } from "./use-settings.ts";

const MOST = 60;

export function Results({ query }: { readonly query: string }) {
  const { page } = useApp();
  const { find, catalogue, query: field } = useSettings();
  const found = useMemo(() => find(query), [query, catalogue.value]);
  return (
    <section>
      <p class="muted settings-lead" role="status">
        {found.length === 0 ? t("search.none") : t("search.count", { count: found.length })}{" "}
        {found.length > MOST && t("search.more", { count: MOST })}
      </p>
      <ul class="setting-places">
        {found.slice(0, MOST).map(({ path, label, help, restarts }) => (
          <li key={path}>
            <button
              type="button"
              class="setting-place"
              onClick={() => {
                field.value = "";
                page.openSettings(path);
              }}
            >
              <span class="setting-place-text">
                <strong>{label}</strong>
                <code>{path}</code>
                {help !== "" && (
                  <small>
                    <Prose text={help} />
                  </small>
                )}
                <small class="setting-note">{noteOf(restarts, catalogue.value)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
