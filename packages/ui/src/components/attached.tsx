import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { sizeText } from "../model/files.ts";
import { useApp } from "../state/app.ts";

/** The files that wait in the box, and why others do not. */
export function Attached() {
  const { attachments } = useApp();
  const files = attachments.files.value;
  const refused = attachments.refused.value;
  return (
    <>
      {refused.map(({ name, reason }) => (
        <p key={name} class="complaint" role="alert">
          <Icon name="alert" size={14} /> {t(`file.refused.${reason}`, { name })}
        </p>
      ))}
      {files.length > 0 && (
        <ul class="attached" aria-label={t("file.list")}>
          {files.map(({ id, name, mimeType, size, url }) => (
            <li key={id} class="file-chip">
              {url !== undefined && mimeType.startsWith("image/") ? (
                <img src={url} alt="" />
              ) : (
                <Icon name="file" size={14} />
              )}
              <span class="file-name" title={name}>
                {name}
              </span>
              <small>{sizeText(size)}</small>
              <button
                type="button"
                class="icon-button"
                aria-label={t("file.remove", { name })}
                title={t("file.remove", { name })}
                onClick={() => attachments.remove(id)}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Chooses files of the device. */
export function AttachButton() {
  const { attachments, ui } = useApp();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        onChange={(event) => {
          void attachments.add(event.currentTarget.files ?? []);
          event.currentTarget.value = "";
          ui.focusComposer.value += 1;
        }}
      />
      <button
        type="button"
        class="icon-button attach"
        aria-label={t("file.attach")}
        title={t("file.attach")}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" size={18} />
      </button>
    </>
  );
}

/** Files that are pasted into the box or dropped anywhere; whether some are held above the page. */
export function useDrops(box: RefObject<HTMLTextAreaElement | null>, on: boolean): boolean {
  const { attachments } = useApp();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const holds = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const drag = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!holds(event)) return;
      event.preventDefault();
      void attachments.add(event.dataTransfer?.files ?? []);
      box.current?.focus();
    };
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files ?? [];
      // A table copied from a spreadsheet comes as text and as a picture of it: the text is meant.
      if (files.length === 0 || event.clipboardData?.types.includes("text/plain") === true) return;
      event.preventDefault();
      void attachments.add(files);
    };
    const field = box.current;
    document.addEventListener("dragover", drag);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    field?.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragover", drag);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
      field?.removeEventListener("paste", paste);
    };
  }, [on]);
  return over;
}
