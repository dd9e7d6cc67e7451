import { useState } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import { choiceOf, withChoice } from "../../model/models/choices.ts";
import type { Choice, Role } from "../../model/models/choices.ts";
import { refOf } from "../../model/models/catalog.ts";
import { ModelLine } from "./model-line.tsx";
import { Refusal } from "./refusal.tsx";
import { Picker } from "./picker.tsx";
import { useChange, useModels } from "./use-models.ts";

/** Who does something, and who steps in, in order. */
export function RoleChoice({ role }: { readonly role: Role }) {
  const { file, mayWrite, saving } = useModels();
  const save = useChange();
  const [picking, setPicking] = useState<"primary" | "fallback" | undefined>(undefined);
  const choice = choiceOf(file.value?.base ?? {}, role);
  const { primary, fallbacks } = choice;
  const name = t(`role.${role}`);
  const busy = !mayWrite.value || saving.value;
  const taken = primary === undefined ? fallbacks : [primary, ...fallbacks];

  function make(next: (now: Choice) => Choice): void {
    setPicking(undefined);
    void save(role, (base) => withChoice(base, role, next(choiceOf(base, role))));
  }

  function pick(ref: string): void {
    if (picking === "fallback")
      make((now) => ({ ...now, fallbacks: [...now.fallbacks.filter((one) => one !== ref), ref] }));
    else make((now) => ({ primary: ref, fallbacks: now.fallbacks.filter((one) => one !== ref) }));
  }

  const picker = (
    <Picker
      label={t(picking === "fallback" ? "fallback.add.for" : "choose.for", { role: name })}
      without={picking === "fallback" ? taken : primary === undefined ? [] : [primary]}
      seeing={role === "imageModel"}
      onPick={pick}
      onCancel={() => setPicking(undefined)}
    />
  );

  return (
    <section class="models-group" aria-label={name}>
      <h2>{name}</h2>
      <p class="settings-lead">{t(`role.${role}.hint`)}</p>
      <div class="model-choice">
        {primary === undefined ? <Nobody role={role} /> : <ModelLine reference={primary} />}
        {mayWrite.value && picking !== "primary" && (
          <button
            type="button"
            class="button"
            aria-label={t(primary === undefined ? "choose.for" : "change.for", { role: name })}
            disabled={busy}
            onClick={() => setPicking("primary")}
          >
            {t(primary === undefined ? "choose" : "change")}
          </button>
        )}
        {mayWrite.value && role === "imageModel" && primary !== undefined && (
          <button
            type="button"
            class="icon-button"
            aria-label={t("clear.for", { role: name })}
            title={t("clear")}
            disabled={busy}
            onClick={() => make(({ fallbacks: rest }) => ({ fallbacks: rest }))}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {picking === "primary" && picker}
      {(primary !== undefined || fallbacks.length > 0) && (
        <>
          <h3>{t("fallbacks")}</h3>
          {fallbacks.length === 0 && role === "model" && <p class="muted">{t("fallbacks.none")}</p>}
          <Fallbacks
            list={fallbacks}
            busy={busy}
            onChange={(change) => make((now) => ({ ...now, fallbacks: change(now.fallbacks) }))}
          />
          {mayWrite.value && picking !== "fallback" && (
            <button
              type="button"
              class="link-button"
              aria-label={t("fallback.add.for", { role: name })}
              disabled={busy}
              onClick={() => setPicking("fallback")}
            >
              {t("fallback.add")}
            </button>
          )}
          {picking === "fallback" && picker}
        </>
      )}
      <Refusal at={role} />
    </section>
  );
}

function Nobody({ role }: { readonly role: Role }) {
  const { rows } = useModels();
  const first = rows.value.find(({ tags }) => tags?.includes("default"));
  return (
    <p class="muted model-line">{t(`role.${role}.none`, { ref: first === undefined ? t("unknown") : refOf(first) })}</p>
  );
}

interface FallbacksProps {
  readonly list: readonly string[];
  readonly busy: boolean;
  readonly onChange: (change: (now: readonly string[]) => readonly string[]) => void;
}

function Fallbacks({ list, busy, onChange }: FallbacksProps) {
  const { mayWrite } = useModels();
  const move = (ref: string, by: 1 | -1) =>
    onChange((now) => {
      const at = now.indexOf(ref);
      const other = now[at + by];
      return at < 0 || other === undefined ? now : now.with(at, other).with(at + by, ref);
    });
  return (
    <ol class="fallbacks">
      {list.map((ref, index) => (
        <li key={ref}>
          <span class="fallback-number" aria-hidden="true">
            {index + 1}
          </span>
          <ModelLine reference={ref} />
          {mayWrite.value && (
            <span class="fallback-tools">
              <Tool icon="up" label={t("fallback.up", { ref })} off={busy || index === 0} run={() => move(ref, -1)} />
              <Tool
                icon="down"
                label={t("fallback.down", { ref })}
                off={busy || index === list.length - 1}
                run={() => move(ref, 1)}
              />
              <Tool
                icon="delete"
                label={t("fallback.remove", { ref })}
                off={busy}
                run={() => onChange((now) => now.filter((one) => one !== ref))}
              />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

interface ToolProps {
  readonly icon: "up" | "down" | "delete";
  readonly label: string;
  readonly off: boolean;
  readonly run: () => void;
}

function Tool({ icon, label, off, run }: ToolProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} disabled={off} onClick={run}>
      <Icon name={icon} size={14} />
    </button>
  );
}
