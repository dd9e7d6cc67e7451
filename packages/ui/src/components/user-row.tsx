import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import type { Row } from "../model/rows.ts";
import { useApp } from "../state/app.ts";
import { NamedFiles, SentFiles } from "./files.tsx";
import { ForkControl, MessageMenu } from "./message-tools.tsx";
import { When } from "./when.tsx";

type UserRowOf = Extract<Row, { kind: "user" }>;

export function UserRow({ row }: { readonly row: UserRowOf }) {
  const { conversation, attachments } = useApp();
  const { sent } = row;
  // What this page has sent is shown as it was sent; later the message names it.
  const files = row.files.length > 0 ? row.files : attachments.sentWith(row.runId ?? "");
  return (
    <article class="row own" aria-label={t("message.you")} data-state={sent?.state}>
      <div class="own-line">
        <OwnTools row={row} />
        <div class="bubble">
          {row.pictures.map((picture, index) => (
            <img key={index} src={`data:${picture.mimeType};base64,${picture.data}`} alt={t("message.image")} />
          ))}
          <SentFiles files={row.pictures.length === 0 ? files : files.filter((file) => !isPicture(file))} />
          {files.length === 0 && <NamedFiles files={row.named} />}
          {row.omitted.map((reason) => (
            <span key={reason} class="complaint">
              {t("file.omitted", { reason })}
            </span>
          ))}
          {row.text}
        </div>
      </div>
      <ForkControl entryId={row.entryId} />
      {sent?.state === "sending" && <small class="sent">{t("message.sending")}</small>}
      {sent?.state === "accepted" && <small class="sent">{t("message.accepted")}</small>}
      {sent?.state === "failed" && (
        <div class="sent failed" role="alert">
          <Icon name="alert" size={14} />
          <span>
            {t("message.failed")} {sent.problem}
          </span>
          <button type="button" class="link-button" onClick={() => conversation.outbox.retry(sent.key)}>
            {t("message.retry")}
          </button>
          <button type="button" class="link-button quiet" onClick={() => conversation.outbox.discard(sent.key)}>
            {t("message.discard")}
          </button>
        </div>
      )}
    </article>
  );
}

/** Beside one's own message, when it is looked at. */
function OwnTools({ row }: { readonly row: UserRowOf }) {
  const { edit } = useApp();
  const { entryId } = row;
  return (
    <div class="own-tools">
      <When at={row.at} />
      {entryId !== undefined && (
        <>
          <button
            type="button"
            class="icon-button"
            aria-label={t("message.edit")}
            title={t("message.edit")}
            onClick={() => edit(entryId, row.whole)}
          >
            <Icon name="edit" size={14} />
          </button>
          <MessageMenu origin={row} />
        </>
      )}
    </div>
  );
}

function isPicture({ mimeType }: { readonly mimeType: string }): boolean {
  return mimeType.startsWith("image/");
}
