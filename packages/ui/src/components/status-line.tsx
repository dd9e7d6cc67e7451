import { useComputed } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { below } from "../model/helpers.ts";
import { activityOf } from "../model/status.ts";
import type { Activity } from "../model/status.ts";
import { useApp } from "../state/app.ts";
import { Elapsed } from "./elapsed.tsx";

/** What the assistant does now, for how long, and a way to stop it. */
export function StatusLine() {
  const { conversation, panel } = useApp();
  const text = useComputed(() => {
    const run = conversation.run.value;
    if (conversation.compacting.value) return t("status.compacting");
    return run === undefined ? "" : activityText(activityOf(run, conversation.conversation.value));
  });
  const since = useComputed(() => conversation.run.value?.startedAt).value;
  const helpers = useHelpersAtWork();
  if (since === undefined && helpers === 0 && !conversation.compacting.value) return null;
  const stopping = conversation.stopping.value;
  const runId = conversation.run.value?.runId;
  return (
    <div class="status-line">
      <div class="status-inner">
        <span class="pulse" aria-hidden="true" />
        <span role="status">{stopping ? t("status.stopping") : text.value || helpersText(helpers)}</span>
        {since !== undefined && (
          <span class="muted" aria-hidden="true">
            <Elapsed since={since} />
          </span>
        )}
        {text.value !== "" && helpers > 0 && <span class="muted status-helpers">{helpersText(helpers)}</span>}
        <span class="status-acts">
          {runId !== undefined && (
            <button
              type="button"
              class="link-button quiet"
              onClick={() => panel.open({ kind: "run", sessionKey: conversation.key.value, runId })}
            >
              {t("status.details")}
            </button>
          )}
          {(since !== undefined || helpers > 0) && (
            <button type="button" class="link-button quiet" disabled={stopping} onClick={() => conversation.stop()}>
              {t("status.stop")} <kbd>Esc</kbd>
            </button>
          )}
        </span>
      </div>
    </div>
  );
}

/** Helpers of the open conversation that run, theirs included. */
function useHelpersAtWork(): number {
  const { conversation, sessions } = useApp();
  return useComputed(
    () => below(conversation.key.value, sessions.helpers.value).filter((row) => row.hasActiveRun).length,
  ).value;
}

function helpersText(count: number): string {
  return count === 1 ? t("status.helpers.one") : t("status.helpers", { count });
}

function activityText(activity: Activity): string {
  return t(`status.${activity.kind}`, "name" in activity ? { name: activity.name } : {});
}
