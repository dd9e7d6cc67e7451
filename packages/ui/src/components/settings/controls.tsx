/** What a setting is edited with. */
import { useState } from "preact/hooks";
import { t } from "../../i18n/settings.ts";
import { shown, typed } from "../../model/settings/fields.ts";
import type { Field } from "../../model/settings/fields.ts";
import { useApp } from "../../state/app.ts";
import { SecretControl } from "./secret.tsx";
import { useSettings } from "./use-settings.ts";

export interface ControlProps {
  readonly field: Field;
  readonly id: string;
  readonly value: unknown;
  readonly editable: boolean;
  readonly describedBy: string;
}

export function Control(props: ControlProps) {
  const { field, value } = props;
  const { kind } = field.control;
  const isList = Array.isArray(value);
  if (kind === "secret") return <SecretControl {...props} />;
  if (kind === "switch" && (value === undefined || typeof value === "boolean")) return <Switch {...props} />;
  if (kind === "choice" && !isList) return <Choice {...props} options={field.control.options} />;
  if (kind === "checks" && (value === undefined || isList))
    return (
      <Checks {...props} chosen={(value ?? field.standardValue ?? []) as string[]} options={field.control.options} />
    );
  if (kind === "lines" && (value === undefined || isFlat(value)))
    return <Lines {...props} numeric={field.control.numeric ? "only" : "no"} />;
  if (value === undefined || typeof value !== "object") {
    if (kind === "text") return <Text {...props} numeric={field.control.numeric} />;
    if (kind === "switch") return <Text {...props} numeric="no" />;
  }
  return <InFile value={value} />;
}

function isFlat(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string" || typeof item === "number");
}

function Switch({ field, id, value, editable, describedBy }: ControlProps) {
  const { set } = useSettings();
  const on = (value ?? field.standardValue ?? false) === true;
  return (
    <button
      id={id}
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-labelledby={`${id}-label`}
      aria-describedby={describedBy}
      disabled={!editable}
      onClick={() => set(field.path, !on)}
    >
      <span class="switch-track" aria-hidden="true" />
      {t(value === undefined && field.standardValue === undefined ? "default.none" : on ? "on" : "off")}
    </button>
  );
}

interface ChoiceProps extends ControlProps {
  readonly options: readonly (string | number | boolean)[];
}

function Choice({ field, id, value, editable, describedBy, options }: ChoiceProps) {
  const { set } = useSettings();
  const all = value === undefined || options.includes(value as string) ? options : [...options, value as string];
  const standard =
    field.standardValue === undefined ? t("default.unset") : t("default.choice", { value: name(field.standardValue) });
  return (
    <select
      id={id}
      class="setting-input"
      disabled={!editable}
      aria-describedby={describedBy}
      value={value === undefined ? "" : JSON.stringify(value)}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        set(field.path, chosen === "" ? undefined : (JSON.parse(chosen) as unknown));
      }}
    >
      <option value="">{standard}</option>
      {all.map((option) => (
        <option key={String(option)} value={JSON.stringify(option)}>
          {name(option)}
        </option>
      ))}
    </select>
  );
}

function name(value: unknown): string {
  return typeof value === "boolean" ? t(value ? "yes" : "no") : shown(value);
}

interface TextProps extends ControlProps {
  readonly numeric: "no" | "only" | "too";
}

function Text({ field, id, value, editable, describedBy, numeric }: TextProps) {
  const { set } = useSettings();
  // As typed: `1.` is on the way to `1.5`.
  const [own, setOwn] = useState<string | undefined>(undefined);
  const text = own ?? (value === undefined ? "" : shown(value));
  const common = {
    id,
    class: "setting-input",
    value: text,
    readOnly: !editable,
    "aria-describedby": describedBy,
    autocomplete: "off" as const,
    spellcheck: false,
    onBlur: () => setOwn(undefined),
  };
  function take(now: string): void {
    setOwn(now);
    set(field.path, now === "" ? undefined : typed(now, numeric));
  }
  if (text.includes("\n") || text.length > 80)
    return <textarea {...common} rows={rowsOf(text)} onInput={(event) => take(event.currentTarget.value)} />;
  return (
    <input
      {...common}
      type="text"
      placeholder={field.standard ?? t("default.none")}
      {...(numeric === "only" ? { inputMode: "decimal" as const } : {})}
      onInput={(event) => take(event.currentTarget.value)}
    />
  );
}

function rowsOf(text: string): number {
  const lines = text.split("\n");
  return Math.min(12, Math.max(2, lines.length + Math.floor(text.length / 90)));
}

function Lines({ field, id, value, editable, describedBy, numeric }: TextProps) {
  const { set } = useSettings();
  const [own, setOwn] = useState<string | undefined>(undefined);
  const list = (value ?? []) as readonly (string | number)[];
  const text = own ?? list.join("\n");
  const standard = Array.isArray(field.standardValue) ? field.standardValue.join("\n") : "";
  return (
    <textarea
      id={id}
      class="setting-input"
      rows={Math.min(12, Math.max(2, text.split("\n").length))}
      value={text}
      placeholder={standard === "" ? t("lines") : standard}
      readOnly={!editable}
      aria-describedby={describedBy}
      spellcheck={false}
      onBlur={() => setOwn(undefined)}
      onInput={(event) => {
        const now = event.currentTarget.value;
        setOwn(now);
        const lines = now.split("\n").map((line) => line.trim());
        const kept = lines.filter((line) => line !== "").map((line) => keepKind(line, list, numeric));
        set(field.path, now.trim() === "" ? undefined : kept);
      }}
    />
  );
}

/** An entry that was a number stays one; both kinds may stand in lists of ids. */
function keepKind(line: string, list: readonly (string | number)[], numeric: "no" | "only" | "too"): unknown {
  return list.some((item) => typeof item === "number" && String(item) === line) ? Number(line) : typed(line, numeric);
}

interface ChecksProps extends ControlProps {
  readonly options: readonly string[];
  readonly chosen: readonly string[];
}

function Checks({ field, id, editable, options, chosen }: ChecksProps) {
  const { set } = useSettings();
  return (
    <div class="checks" role="group" aria-labelledby={`${id}-label`}>
      {options.map((option) => (
        <label key={option}>
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            disabled={!editable}
            onChange={(event) => {
              const others = options.filter((one) => one !== option && chosen.includes(one));
              const next = event.currentTarget.checked ? [...others, option] : others;
              set(
                field.path,
                options.filter((one) => next.includes(one)),
              );
            }}
          />
          {option}
        </label>
      ))}
    </div>
  );
}

function InFile({ value }: { readonly value: unknown }) {
  const { page } = useApp();
  return (
    <div class="setting-in-file">
      {value !== undefined && <pre>{JSON.stringify(value, null, 2).slice(0, 600)}</pre>}
      <p class="muted">
        {t("in-file")}{" "}
        <button type="button" class="link-button" onClick={() => page.openFile()}>
          {t("in-file.open")}
        </button>
      </p>
    </div>
  );
}
