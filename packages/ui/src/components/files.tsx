import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { sizeText } from "../model/files.ts";
import type { NamedFile, SentFile } from "../model/files.ts";

/** Files of a message that this page has sent: pictures, sound with a play button, the rest as chips. */
export function SentFiles({ files }: { readonly files: readonly SentFile[] }) {
  return (
    <>
      {files.map(({ id, name, mimeType, size, url }) => {
        if (url !== undefined && mimeType.startsWith("image/")) return <img key={id} src={url} alt={name} />;
        if (url !== undefined)
          return <audio key={id} src={url} controls preload="metadata" aria-label={t("file.audio", { name })} />;
        return <FileChip key={id} name={name} about={sizeText(size)} />;
      })}
    </>
  );
}

/** Files that a stored message names. */
export function NamedFiles({ files }: { readonly files: readonly NamedFile[] }) {
  return (
    <>
      {files.map(({ name, mimeType, size }, index) => (
        <FileChip
          key={index}
          name={name === mimeType && mimeType.startsWith("image/") ? t("message.image") : name}
          about={size}
        />
      ))}
    </>
  );
}

function FileChip({ name, about }: { readonly name: string; readonly about: string }) {
  return (
    <span class="file-chip">
      <Icon name="file" size={14} />
      <span class="file-name" title={name}>
        {name}
      </span>
      <small>{about}</small>
    </span>
  );
}
