import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { fieldsBelow } from "../../model/settings/fields.ts";
import type { Field } from "../../model/settings/fields.ts";
import { formatPath } from "../../model/settings/path.ts";
import { useApp } from "../../state/app.ts";
import { useSettings } from "./use-settings.ts";

function useSections(): readonly Field[] {
  const { catalogue, draft } = useSettings();
  if (catalogue.value === undefined) return [];
  return fieldsBelow(catalogue.value, [], draft.value).filter(({ control }) => control.kind === "place");
}

/** Search and the list of sections. */
export function Nav({ at }: { readonly at: string }) {
  const { page } = useApp();
  const { query, draft } = useSettings();
  const sections = useSections();
  const current = at.split(/[.[]/)[0];
  return (
    <nav class="settings-nav" aria-label={t("sections")} data-front={at === ""}>
      <div class="settings-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          autocomplete="off"
          spellcheck={false}
          value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || query.value === "") return;
            event.preventDefault();
            query.value = "";
          }}
        />
      </div>
      <ul class="settings-sections">
        {sections.map((section) => (
          <li key={section.key}>
            <button
              type="button"
              aria-current={section.key === current ? "page" : undefined}
              onClick={() => page.openSettings(formatPath(section.path))}
            >
              <span>{section.label}</span>
              {Object.hasOwn(draft.value, section.key) && <span class="settings-used" aria-hidden="true" />}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function Front() {
  const { file } = useSettings();
  const { page } = useApp();
  const sections = useSections();
  return (
    <>
      <p class="muted settings-lead">{t("front", { path: file.value?.path ?? "" })}</p>
      <ul class="setting-places">
        {sections.map((section) => (
          <li key={section.key}>
            <button type="button" class="setting-place" onClick={() => page.openSettings(formatPath(section.path))}>
              <span class="setting-place-text">
                <strong>{section.label}</strong>
                {section.help !== undefined && <small>{section.help}</small>}
              </span>
              <Icon name="chevron" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
