import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { issueFor } from "../../model/settings/edits.ts";
import type { Field } from "../../model/settings/fields.ts";
import { formatPath, same, valueAt } from "../../model/settings/path.ts";
import { useApp } from "../../state/app.ts";
import { Control } from "./controls.tsx";
import { RemoveEntry } from "./entries.tsx";
import { noteOf } from "./note.ts";
import { Prose } from "./prose.tsx";
import { useEditable, useSettings } from "./use-settings.ts";

/** One setting: name, what it is for, its value, what a change does, what the gateway says. */
export function FieldRow({ field, focus }: { readonly field: Field; readonly focus: boolean }) {
  const { file, draft, issues, restartsAt, catalogue, set } = useSettings();
  const { page } = useApp();
  const editable = useEditable();
  const element = useRef<HTMLDivElement>(null);
  const id = `set-${formatPath(field.path)}`;
  const stored = valueAt(file.value?.base, field.path);
  const value = valueAt(draft.value, field.path);
  const changed = !same(stored, value);
  const { deeper } = field;
  const complaint = issueFor(issues.value, field.path);

  useEffect(() => {
    if (!focus) return;
    element.current?.scrollIntoView({ block: "center" });
    element.current?.querySelector<HTMLElement>("input, select, textarea, button")?.focus({ preventScroll: true });
  }, [focus]);

  return (
    <div ref={element} class="setting" data-changed={changed} data-focus={focus} data-path={formatPath(field.path)}>
      <div class="setting-head">
        <label id={`${id}-label`} for={id}>
          {field.label}
        </label>
        <code>{field.key}</code>
        {changed && <span class="setting-changed">{t("changed")}</span>}
      </div>
      {field.help !== undefined && (
        <p class="setting-help">
          <Prose text={field.help} />
        </p>
      )}
      <Control field={field} id={id} value={value} editable={editable} describedBy={`${id}-note`} />
      {complaint !== undefined && (
        <p class="complaint" role="alert">
          <Icon name="alert" size={14} />
          <span>{complaint}</span>
        </p>
      )}
      <p class="setting-note" id={`${id}-note`}>
        <span>{noteOf(restartsAt(field.path), catalogue.value)}</span>
        {field.standard !== undefined && field.standard !== "" && (
          <span>{t("default", { value: standardText(field) })}</span>
        )}
        {editable && changed && (
          <button type="button" class="link-button" onClick={() => set(field.path, stored)}>
            {t("revert")}
          </button>
        )}
        {editable &&
          value !== undefined &&
          field.control.kind !== "secret" &&
          typeof field.path.at(-1) === "string" && (
            <button type="button" class="link-button quiet" onClick={() => set(field.path, undefined)}>
              {t("default.use")}
            </button>
          )}
        {deeper !== undefined && (
          <button type="button" class="link-button" onClick={() => page.openSettings(formatPath(deeper))}>
            {t("deeper")}
          </button>
        )}
        <RemoveEntry field={field} />
      </p>
    </div>
  );
}

function standardText({ standard = "", standardValue }: Field): string {
  return typeof standardValue === "boolean" ? t(standardValue ? "on" : "off") : standard;
}
