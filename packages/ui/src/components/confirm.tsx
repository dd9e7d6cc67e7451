import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

/** Asks once before something that cannot be undone. */
export function Confirm() {
  const { ui } = useApp();
  const element = useRef<HTMLDialogElement>(null);
  const question = ui.question.value;
  useLayoutEffect(() => {
    if (question !== undefined && element.current?.open === false) element.current.showModal();
  }, [question]);
  if (question === undefined) return null;
  const close = () => (ui.question.value = undefined);
  return (
    <dialog
      ref={element}
      class="dialog confirm"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-body"
      onClose={close}
    >
      <div class="dialog-body">
        <h2 id="confirm-title">{question.title}</h2>
        <p id="confirm-body">{question.body}</p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={close}>
            {t("dialog.cancel")}
          </button>
          <button type="button" class="button danger" onClick={() => (close(), question.run())}>
            {question.confirm}
          </button>
        </div>
      </div>
    </dialog>
  );
}
