import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/models.ts";
import { findModels, priceOf, refOf } from "../../model/models/catalog.ts";
import type { ModelRow } from "../../model/models/catalog.ts";
import { useModels } from "./use-models.ts";

interface PickerProps {
  readonly label: string;
  /** Models that make no sense here. */
  readonly without?: readonly string[];
  readonly seeing?: boolean;
  readonly onPick: (ref: string) => void;
  readonly onCancel: () => void;
}

interface Offer {
  readonly ref: string;
  readonly label: string;
  readonly hint: string;
}

const MOST = 40;

/** A field that finds models: what can be used now first, then the rest; what is typed in full is taken as it is. */
export function Picker({ label, without = [], seeing = false, onPick, onCancel }: PickerProps) {
  const { rows } = useModels();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" }), [at]);
  const fit = rows.value.filter((row) => !without.includes(refOf(row)) && (!seeing || row.input?.includes("image")));
  const offers = offersOf(fit, query.trim(), without);

  function onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") return onCancel();
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + offers.length) % Math.max(offers.length, 1));
    }
    const chosen = offers[at];
    if (event.key !== "Enter" || chosen === undefined) return;
    event.preventDefault();
    onPick(chosen.ref);
  }

  return (
    <div class="picker">
      <div class="picker-field">
        <input
          ref={field}
          class="setting-input"
          role="combobox"
          aria-label={label}
          aria-expanded={true}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={offers.length > 0 ? `${id}-${at}` : undefined}
          placeholder={t("pick")}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => (setQuery(event.currentTarget.value), setAt(0))}
          onKeyDown={onKey}
        />
        <button type="button" class="button" onClick={onCancel}>
          {t("cancel")}
        </button>
      </div>
      <div id={id} class="picker-list" role="listbox" aria-label={t("pick.model")}>
        {offers.map((offer, index) => (
          <div
            key={offer.ref}
            id={`${id}-${index}`}
            role="option"
            class="picker-offer"
            aria-selected={index === at}
            onMouseDown={(event) => event.preventDefault()}
            onPointerMove={() => setAt(index)}
            onClick={() => onPick(offer.ref)}
          >
            <span class="picker-name">{offer.label}</span>
            <code>{offer.ref}</code>
            <small>{offer.hint}</small>
          </div>
        ))}
      </div>
      {offers.length === 0 && <p class="muted">{t("pick.none")}</p>}
    </div>
  );
}

function offersOf(rows: readonly ModelRow[], typed: string, without: readonly string[]): readonly Offer[] {
  const found = findModels(rows, typed, MOST).map((row) => ({ ref: refOf(row), label: row.name, hint: hintOf(row) }));
  const isRef = /^[^\s/]+\/\S+$/.test(typed) && !without.includes(typed) && !found.some(({ ref }) => ref === typed);
  return isRef ? [...found, { ref: typed, label: t("pick.typed", { ref: typed }), hint: t("pick.unknown") }] : found;
}

function hintOf(row: ModelRow): string {
  const price = priceOf(row);
  return [price === undefined ? "" : `${price.in} / ${price.out}`, row.available ? "" : t("pick.no-key")]
    .filter(Boolean)
    .join(" · ");
}
