import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import type { Field } from "../../model/settings/fields.ts";
import { formatPath, isDict, valueAt } from "../../model/settings/path.ts";
import { useApp } from "../../state/app.ts";
import { RemoveEntry } from "./entries.tsx";
import { Prose } from "./prose.tsx";
import { useSettings } from "./use-settings.ts";

/** Leads to a place below this one. */
export function PlaceRow({ field }: { readonly field: Field }) {
  const { page } = useApp();
  const { draft } = useSettings();
  const count = countOf(valueAt(draft.value, field.path));
  return (
    <li class="setting-place-row">
      <button type="button" class="setting-place" onClick={() => page.openSettings(formatPath(field.path))}>
        <span class="setting-place-text">
          <strong>{field.label}</strong>
          {field.help !== undefined && (
            <small>
              <Prose text={field.help} />
            </small>
          )}
        </span>
        {count > 0 && <span class="chip">{t("place.count", { count })}</span>}
        <Icon name="chevron" />
      </button>
      <RemoveEntry field={field} />
    </li>
  );
}

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isDict(value) ? Object.keys(value).length : value === undefined ? 0 : 1;
}
