import { t } from "../i18n/index.ts";
import type { Origin } from "../model/rows.ts";
import { useApp } from "../state/app.ts";
import { Icon } from "../icons/index.tsx";
import { Menu } from "./menu.tsx";
import type { MenuItem } from "./menu.tsx";

/** What can be done from a stored message on: looking into its run, going back to it, going on elsewhere. */
export function MessageMenu({ origin }: { readonly origin: Origin }) {
  const { conversation, panel, goBack, continueApart } = useApp();
  const { entryId, runId } = origin;
  if (entryId === undefined) return null;
  const happened: MenuItem[] =
    runId === undefined
      ? []
      : [
          {
            icon: "history",
            label: t("message.happened"),
            run: () => panel.open({ kind: "run", sessionKey: conversation.key.value, runId }),
          },
        ];
  return (
    <Menu
      label={t("message.menu")}
      items={() => [
        ...happened,
        { icon: "undo", label: t("message.back"), run: () => void goBack(entryId) },
        { icon: "fork", label: t("message.apart"), run: () => void continueApart(entryId) },
      ]}
    />
  );
}

/** One of several versions of what follows: which, and the ways to those beside it. */
export function ForkControl({ entryId }: { readonly entryId: string | undefined }) {
  const { branches, turnTo } = useApp();
  const fork = entryId === undefined ? undefined : branches.forks.value.at.get(entryId);
  if (fork === undefined) return null;
  const { at, of, before, after } = fork;
  const busy = branches.turning.value;
  const go = (id: string | undefined) => (id === undefined ? undefined : () => void turnTo(id));
  return (
    <span class="fork" role="group" aria-label={t("branch.label")}>
      <button
        type="button"
        class="icon-button"
        aria-label={t("branch.before")}
        title={t("branch.before")}
        disabled={before === undefined || busy}
        onClick={go(before)}
      >
        <Icon name="before" size={14} />
      </button>
      <span>{t("branch.at", { at, of })}</span>
      <button
        type="button"
        class="icon-button"
        aria-label={t("branch.after")}
        title={t("branch.after")}
        disabled={after === undefined || busy}
        onClick={go(after)}
      >
        <Icon name="chevron" size={14} />
      </button>
    </span>
  );
}

/** Stands at the end of a conversation that was taken back. */
export function LaterBranch() {
  const { branches, turnTo } = useApp();
  const later = branches.forks.value.later;
  if (later === undefined) return null;
  return (
    <div class="row later" title={later.preview}>
      <span>{t("branch.later")}</span>
      <button type="button" class="link-button" disabled={branches.turning.value} onClick={() => void turnTo(later.id)}>
        {t("branch.return")}
      </button>
    </div>
  );
}
