import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";

interface Props {
  readonly open: Signal<boolean>;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A modal window; the browser keeps the focus inside and closes it with Esc. */
export function Dialog({ open, title, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    if (open.value && element.current?.open === false) element.current.showModal();
    if (!open.value) element.current?.close();
  }, [open.value]);
  if (!open.value) return null;
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onClose={() => (open.value = false)}
      onClick={(event) => event.target === element.current && (open.value = false)}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t("dialog.close")} onClick={() => (open.value = false)}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
