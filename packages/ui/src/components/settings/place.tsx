import { useState } from "preact/hooks";
import { t } from "../../i18n/settings.ts";
import { fieldAt, fieldsBelow, shown } from "../../model/settings/fields.ts";
import type { Field } from "../../model/settings/fields.ts";
import { formatPath, isDict, valueAt } from "../../model/settings/path.ts";
import type { Path } from "../../model/settings/path.ts";
import { NewEntry } from "./entries.tsx";
import { FieldRow } from "./field.tsx";
import { PlaceRow } from "./place-row.tsx";
import { Prose } from "./prose.tsx";
import { useSettings } from "./use-settings.ts";

/** One place of the configuration: its settings, then the places below it. */
export function PlacePage({ path }: { readonly path: Path }) {
  const { catalogue, draft } = useSettings();
  if (catalogue.value === undefined) return null;
  const value = valueAt(draft.value, path);
  const here = fieldAt(catalogue.value, path, value);
  const isLeaf = here !== undefined && here.control.kind !== "place";
  if (here === undefined) return null;
  if (isLeaf && path.length > 1) return <Place path={path.slice(0, -1)} focus={formatPath(path)} />;
  return <Place path={path} />;
}

function Place({ path, focus }: { readonly path: Path; readonly focus?: string }) {
  const { catalogue, draft } = useSettings();
  const [all, setAll] = useState(false);
  if (catalogue.value === undefined) return null;
  const value = valueAt(draft.value, path);
  const here = fieldAt(catalogue.value, path, value);
  const single = value !== undefined && !isDict(value) && !Array.isArray(value);
  const fields = single ? [] : fieldsBelow(catalogue.value, path, value);
  const leaves = fields.filter(({ control }) => control.kind !== "place");
  const isRare = (field: Field) =>
    field.advanced && formatPath(field.path) !== focus && valueAt(draft.value, field.path) === undefined;
  const rare = leaves.filter(isRare);
  const row = (field: Field) => <FieldRow key={field.key} field={field} focus={formatPath(field.path) === focus} />;
  return (
    <section>
      <h2 class="settings-title">{here?.label}</h2>
      <p class="settings-path">
        <code>{formatPath(path)}</code>
      </p>
      {here?.help !== undefined && (
        <p class="settings-lead">
          <Prose text={here.help} />
        </p>
      )}
      {single && <p class="settings-notice">{t("place.single", { value: shown(value) })}</p>}
      {leaves.filter((field) => !isRare(field)).map(row)}
      {rare.length > 0 && (
        <div class="setting-rare">
          <button type="button" class="link-button" aria-expanded={all} onClick={() => setAll(!all)}>
            {t("place.rare", { count: rare.length })}
          </button>
          {all && rare.map(row)}
        </div>
      )}
      <ul class="setting-places">
        {fields
          .filter(({ control }) => control.kind === "place")
          .map((field) => (
            <PlaceRow key={field.key} field={field} />
          ))}
      </ul>
      {!single && here !== undefined && <NewEntry path={path} empty={fields.length === 0} />}
    </section>
  );
}
