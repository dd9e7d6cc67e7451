import { useState } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { REDACTED } from "../../model/settings/edits.ts";
import { isDict, same, valueAt } from "../../model/settings/path.ts";
import type { ControlProps } from "./controls.tsx";
import { useSettings } from "./use-settings.ts";

/** A secret is replaced or removed, never shown. */
export function SecretControl({ field, id, value, editable, describedBy }: ControlProps) {
  const { file, set } = useSettings();
  const [asked, setAsked] = useState(false);
  const [seen, setSeen] = useState(false);
  const stored = valueAt(file.value?.base, field.path);
  const typedNow = typeof value === "string" && value !== REDACTED && !same(value, stored);
  const open = editable && (asked || typedNow || stored === undefined);
  return (
    <div class="secret">
      {!typedNow && (
        <p id={open ? undefined : id} class="secret-state">
          {stateOf(value)}
        </p>
      )}
      {open && (
        <div class="field">
          <input
            id={id}
            type={(seen ? "text" : "password") as "password"}
            value={typedNow ? value : ""}
            placeholder={t("secret.type")}
            aria-describedby={describedBy}
            autocomplete="new-password"
            spellcheck={false}
            onInput={(event) => set(field.path, event.currentTarget.value || stored)}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={t(seen ? "secret.hide" : "secret.show")}
            onClick={() => setSeen(!seen)}
          >
            <Icon name={seen ? "hide" : "show"} />
          </button>
        </div>
      )}
      {editable && !open && (
        <div class="setting-line">
          <button type="button" class="button" onClick={() => setAsked(true)}>
            {t("secret.replace")}
          </button>
          {value !== undefined && (
            <button type="button" class="button" onClick={() => set(field.path, undefined)}>
              {t("secret.remove")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function stateOf(value: unknown): string {
  if (value === undefined || value === "") return t("secret.none");
  if (isDict(value))
    return t("secret.elsewhere", { source: String(value["source"] ?? "?"), id: String(value["id"] ?? "?") });
  return value === REDACTED ? t("secret.set") : t("secret.variable", { name: String(value) });
}
