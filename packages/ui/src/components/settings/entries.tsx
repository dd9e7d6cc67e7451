/** Entries under names of one's own, and of lists: adding and removing. */
import { useState } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { controlOf } from "../../model/settings/fields.ts";
import type { Field } from "../../model/settings/fields.ts";
import { formatPath, isDict, valueAt } from "../../model/settings/path.ts";
import type { Path } from "../../model/settings/path.ts";
import { anyNameOf, entryOf, lookUp, namedAt } from "../../model/settings/schema.ts";
import type { Schema } from "../../model/settings/schema.ts";
import { useApp } from "../../state/app.ts";
import { useEditable, useSettings } from "./use-settings.ts";

/** A way to add an entry, where the schema leaves the names open or has a list. */
export function NewEntry({ path, empty }: { readonly path: Path; readonly empty: boolean }) {
  const { catalogue } = useSettings();
  const editable = useEditable();
  const schema = catalogue.value === undefined ? undefined : lookUp(catalogue.value, path)?.schema;
  if (schema === undefined) return null;
  const named = anyNameOf(schema);
  const listed = named === undefined ? entryOf(schema) : undefined;
  if (named === undefined && listed === undefined) return null;
  return (
    <>
      {empty && <p class="muted settings-lead">{t("place.empty")}</p>}
      {editable && named !== undefined && <NamedEntry path={path} schema={named} />}
      {editable && listed !== undefined && <ListedEntry path={path} />}
    </>
  );
}

function ListedEntry({ path }: { readonly path: Path }) {
  const { draft, set } = useSettings();
  const { page } = useApp();
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        const list = valueAt(draft.value, path);
        const at = [...path, Array.isArray(list) ? list.length : 0];
        set(at, {});
        page.openSettings(formatPath(at));
      }}
    >
      {t("entry.new")}
    </button>
  );
}

function NamedEntry({ path, schema }: { readonly path: Path; readonly schema: Schema }) {
  const { draft, set } = useSettings();
  const { page } = useApp();
  const [name, setName] = useState("");
  const [problem, setProblem] = useState(false);
  const id = `entry-${formatPath(path)}`;

  function add(event: Event): void {
    event.preventDefault();
    const key = name.trim();
    if (key === "") return;
    const value = valueAt(draft.value, path);
    if (isDict(value) && Object.hasOwn(value, key)) return setProblem(true);
    set([...path, key], startOf(schema));
    setName("");
    if (controlOf(schema, {}).kind === "place") page.openSettings(formatPath([...path, key]));
  }

  return (
    <form class="setting-add" onSubmit={add}>
      <label for={id}>{t("entry.name")}</label>
      <div class="setting-line">
        <input
          id={id}
          class="setting-input"
          value={name}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem}
          onInput={(event) => {
            setName(event.currentTarget.value);
            setProblem(false);
          }}
        />
        <button type="submit" class="button" disabled={name.trim() === ""}>
          {t("entry.add")}
        </button>
      </div>
      {problem && (
        <p class="complaint" role="alert">
          {t("entry.exists")}
        </p>
      )}
    </form>
  );
}

/** What an entry begins with. */
function startOf(schema: Schema): unknown {
  const { kind } = controlOf(schema, {});
  if (kind === "switch") return true;
  if (kind === "lines" || kind === "checks") return [];
  return kind === "place" || kind === "file" ? {} : "";
}

export function RemoveEntry({ field }: { readonly field: Field }) {
  const { catalogue, set } = useSettings();
  const editable = useEditable();
  if (!editable || catalogue.value === undefined) return null;
  const above = lookUp(catalogue.value, field.path.slice(0, -1))?.schema;
  const isNamed = above !== undefined && namedAt(above, field.key) !== undefined;
  if (isNamed && typeof field.path.at(-1) === "string") return null;
  const label = t("entry.remove", { name: field.label });
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => set(field.path, undefined)}
    >
      <Icon name="delete" />
    </button>
  );
}
