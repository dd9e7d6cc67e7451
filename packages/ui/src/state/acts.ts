/** What the owner can do with conversations, with its questions, notices and ways back. */
import { t } from "../i18n/index.ts";
import type { Conversation } from "../model/conversation.ts";
import type { BranchesStore } from "./branches.ts";
import { faultText } from "./connection.ts";
import type { ConversationStore } from "./conversation.ts";
import { titleOf } from "./session-title.ts";
import type { SessionsStore } from "./sessions.ts";
import type { UiStore } from "./ui.ts";

export interface Acts {
  openSession(key: string): void;
  newChat(): Promise<void>;
  askReset(key: string): void;
  remove(key: string): void;
  rename(key: string, label: string): Promise<void>;
  /** Puts a message into the box to be said anew. */
  edit(entryId: string, text: string): void;
  /** Says the message that is being edited, in the place of what it was; false where that was refused. */
  resend(text: string): Promise<boolean>;
  /** The conversation goes on after a message. */
  goBack(entryId: string): Promise<void>;
  /** A new conversation goes on after it. */
  continueApart(entryId: string): Promise<void>;
  turnTo(branchId: string): Promise<void>;
  /** Stops whatever runs in a session. */
  stopSession(key: string): Promise<void>;
}

export interface ActsOptions {
  readonly sessions: SessionsStore;
  readonly conversation: ConversationStore;
  readonly branches: BranchesStore;
  readonly ui: UiStore;
  readonly show: (key: string, how: "push" | "replace") => void;
}

export function createActs({ sessions, conversation, branches, ui, show }: ActsOptions): Acts {
  /** Failures of what the owner asked for are shown as a notice. */
  const attempt = async (work: Promise<unknown>) => {
    await work.catch((error: unknown) => ui.toast(faultText(error)));
  };
  const title = (key: string) => {
    const row = sessions.row(key);
    return row === undefined ? t("session.untitled") : titleOf(row);
  };

  function openSession(key: string): void {
    ui.drawer.value = false;
    show(key, "push");
    ui.focusComposer.value += 1;
  }

  return {
    openSession,
    newChat: async () => {
      const { key, conversation: is } = conversation;
      if (key.value !== sessions.mainKey.value && isUnused(is.value)) openSession(key.value);
      else await attempt(sessions.create().then(openSession));
    },
    askReset: (key) => {
      ui.question.value = {
        title: t("session.reset.title", { title: title(key) }),
        body: t("session.reset.body"),
        confirm: t("session.reset.confirm"),
        run: () => void attempt(sessions.reset(key).then(() => conversation.reload())),
      };
    },
    remove: (key) => {
      if (key === sessions.mainKey.value) return ui.toast(t("session.main.stays"));
      const text = t("session.deleted", { title: title(key) });
      sessions.hide(key);
      if (conversation.key.value === key) show(sessions.mainKey.value, "replace");
      ui.toast(text, {
        action: { label: t("session.undo"), run: () => sessions.show(key) },
        onGone: () => void attempt(sessions.remove(key).finally(() => sessions.show(key))),
      });
    },
    rename: (key, label) => attempt(sessions.rename(key, label)),
    edit: (entryId, text) => {
      conversation.editing.begin({ entryId, text });
      ui.focusComposer.value += 1;
    },
    resend: async (text) => {
      const edited = conversation.editing.message.value;
      if (edited === undefined || branches.turning.value) return false;
      try {
        await branches.rewind(edited.entryId, true);
      } catch (error) {
        ui.toast(faultText(error));
        return false;
      }
      conversation.editing.end();
      conversation.submit(text, "after");
      return true;
    },
    goBack: async (entryId) => {
      const { entries } = conversation.conversation.value;
      const newest = entries.findLast(({ compaction }) => compaction === undefined)?.id;
      if (newest === entryId) return ui.toast(t("branch.here"));
      await attempt(
        branches.rewind(entryId).then(() => {
          const back = { label: t("session.undo"), run: () => void attempt(branches.turnTo(newest ?? entryId)) };
          ui.toast(t("branch.back"), { action: back });
          ui.focusComposer.value += 1;
        }),
      );
    },
    continueApart: async (entryId) => {
      const name = title(conversation.key.value);
      const made = branches.fork(entryId).then((key) => {
        openSession(key);
        ui.toast(t("branch.apart", { title: name }));
      });
      await attempt(made);
    },
    turnTo: (branchId) => attempt(branches.turnTo(branchId)),
    stopSession: (key) => attempt(sessions.stop(key)),
  };
}

/** A chat that was opened and not begun: another one would only litter the list. */
function isUnused({ loaded, entries, outgoing, runs }: Conversation): boolean {
  return loaded && entries.length + outgoing.length + runs.length === 0;
}
