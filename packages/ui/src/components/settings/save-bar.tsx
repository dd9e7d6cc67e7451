import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { useApp } from "../../state/app.ts";
import { noteOf } from "./note.ts";
import { useSettings } from "./use-settings.ts";

/** What is not saved yet, or was saved last. */
export function SaveBar() {
  const { changes, text, saved, refusal } = useSettings();
  const pending = changes.value.length > 0 || text.value !== undefined;
  if (!pending && saved.value === undefined && refusal.value === undefined) return null;
  return (
    <section class="save-bar" aria-label={t("bar")}>
      <Refusal />
      {pending ? <Pending /> : <Saved />}
    </section>
  );
}

function Refusal() {
  const { refusal, moved, issues, text } = useSettings();
  const { page } = useApp();
  const at = issues.value.find((issue) => issue.path !== "")?.path;
  return (
    <>
      {moved.value && <p class="save-bar-notice">{t("bar.moved")}</p>}
      {refusal.value !== undefined && (
        <p class="complaint" role="alert">
          <Icon name="alert" size={14} />
          <span>
            {refusal.value}{" "}
            {at !== undefined && text.value === undefined && (
              <button type="button" class="link-button" onClick={() => page.openSettings(at)}>
                {t("bar.show")}
              </button>
            )}
          </span>
        </p>
      )}
    </>
  );
}

function Pending() {
  const { changes, text, saving, mayWrite, review, discard, save } = useSettings();
  const { connection } = useApp();
  const count = changes.value.length;
  const online = connection.link.value.phase === "open";
  return (
    <div class="save-bar-line">
      <span class="save-bar-text" role="status">
        {text.value !== undefined ? t("bar.text") : count === 1 ? t("bar.one") : t("bar.many", { count })}
      </span>
      <button type="button" class="link-button quiet" disabled={saving.value} onClick={discard}>
        {t("bar.discard")}
      </button>
      <button type="button" class="button" onClick={() => (review.value = true)}>
        {t("bar.review")}
      </button>
      <button
        type="button"
        class="button primary"
        disabled={saving.value || !online || !mayWrite.value}
        onClick={() => void save()}
      >
        {t(saving.value ? "bar.saving" : "bar.save")}
      </button>
    </div>
  );
}

function Saved() {
  const { saved, saving, catalogue, undo, dismiss } = useSettings();
  const { connection } = useApp();
  const last = saved.value;
  if (last === undefined) return null;
  const online = connection.link.value.phase === "open";
  return (
    <div class="save-bar-line">
      <span class="save-bar-text" role="status">
        {last.restarts.length === 0
          ? t("bar.saved")
          : t("bar.saved.restarts", { note: noteOf(last.restarts, catalogue.value) })}
        {last.undo === undefined && ` ${t("bar.no-undo")}`}
      </span>
      {last.undo !== undefined && (
        <button type="button" class="button" disabled={saving.value || !online} onClick={() => void undo()}>
          {t("bar.undo")}
        </button>
      )}
      <button type="button" class="icon-button" aria-label={t("bar.dismiss")} onClick={dismiss}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
