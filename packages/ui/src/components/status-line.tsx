import { useComputed } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { activityOf } from "../model/status.ts";
import type { Activity } from "../model/status.ts";
import { useApp } from "../state/app.ts";
import { Elapsed } from "./elapsed.tsx";

/** What the assistant does now, for how long, and a way to stop it. */
export function StatusLine() {
  const { conversation } = useApp();
  const text = useComputed(() => {
    const run = conversation.run.value;
    return run === undefined ? "" : activityText(activityOf(run, conversation.conversation.value));
  });
  const since = useComputed(() => conversation.run.value?.startedAt);
  if (since.value === undefined) return null;
  const stopping = conversation.stopping.value;
  return (
    <div class="status-line">
      <div class="status-inner">
        <span class="pulse" aria-hidden="true" />
        <span role="status">{stopping ? t("status.stopping") : text.value}</span>
        <span class="muted" aria-hidden="true">
          <Elapsed since={since.value} />
        </span>
        <button type="button" class="link-button quiet" disabled={stopping} onClick={() => conversation.stop()}>
          {t("status.stop")} <kbd>Esc</kbd>
        </button>
      </div>
    </div>
  );
}

function activityText(activity: Activity): string {
  return activity.kind === "tool" ? t("status.tool", { name: activity.name }) : t(`status.${activity.kind}`);
}
