import { t } from "../../i18n/settings.ts";
import { REDACTED } from "../../model/settings/edits.ts";
import type { Difference } from "../../model/settings/edits.ts";
import { formatPath, isDict } from "../../model/settings/path.ts";
import { withSecrets } from "../../model/settings/schema.ts";
import { textDifference } from "../../model/settings/text.ts";
import { Dialog } from "../dialog.tsx";
import { noteOf, partsText } from "./note.ts";
import { useSettings } from "./use-settings.ts";

/** The changes before they are saved, and what they restart. */
export function Review() {
  const { review, text, moved, saving, save } = useSettings();
  return (
    <Dialog open={review} title={t("review.title")}>
      {moved.value && <p>{t("bar.moved")}</p>}
      {text.value === undefined ? <Settings /> : <Text />}
      <div class="dialog-actions">
        <button
          type="button"
          class="button primary"
          disabled={saving.value}
          onClick={() => {
            review.value = false;
            void save();
          }}
        >
          {t("bar.save")}
        </button>
      </div>
    </Dialog>
  );
}

function Settings() {
  const { changes, restartsAt, catalogue } = useSettings();
  const all = [...new Set(changes.value.flatMap(({ path }) => restartsAt(path)))];
  const parts = all.includes("gateway") ? ["gateway"] : all;
  return (
    <>
      <ul class="review">
        {changes.value.map((change) => (
          <li key={formatPath(change.path)}>
            <code>{formatPath(change.path)}</code>
            <Values change={change} />
            <small class="muted">{noteOf(restartsAt(change.path), catalogue.value)}</small>
          </li>
        ))}
      </ul>
      <p>{parts.length === 0 ? t("review.now") : t("review.restarts", { parts: partsText(parts, catalogue.value) })}</p>
    </>
  );
}

function Values({ change }: { readonly change: Difference }) {
  const { catalogue } = useSettings();
  const show = (value: unknown) => {
    if (value === undefined || catalogue.value === undefined) return t("review.unset");
    const hide = (text: unknown) => (isDict(text) ? text : t(text === REDACTED ? "review.kept" : "review.new"));
    const clean = withSecrets(catalogue.value, { path: change.path, value }, hide);
    return clean !== value && typeof value !== "object" ? String(clean) : JSON.stringify(clean, null, 2).slice(0, 2000);
  };
  return (
    <dl class="review-values">
      <div>
        <dt class="offstage">{t("review.before")}</dt>
        <dd class="before">{show(change.before)}</dd>
      </div>
      <div>
        <dt class="offstage">{t("review.after")}</dt>
        <dd class="after">{show(change.after)}</dd>
      </div>
    </dl>
  );
}

function Text() {
  const { text, file } = useSettings();
  const { from, before, after } = textDifference(file.value?.raw ?? "", text.value ?? "");
  return (
    <>
      <dl class="review-values">
        <div>
          <dt class="offstage">{t("review.before")}</dt>
          <dd class="before">{before.map((line, at) => `${from + at}  ${line}`).join("\n")}</dd>
        </div>
        <div>
          <dt class="offstage">{t("review.after")}</dt>
          <dd class="after">{after.map((line, at) => `${from + at}  ${line}`).join("\n")}</dd>
        </div>
      </dl>
      <p>{t("review.text")}</p>
    </>
  );
}
