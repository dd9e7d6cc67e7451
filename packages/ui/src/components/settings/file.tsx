import { useRef } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { REDACTED } from "../../model/settings/edits.ts";
import type { Issue } from "../../state/settings-file.ts";
import { useSettings } from "./use-settings.ts";

/** The whole file as text; what the gateway refuses stands at its line. */
export function FilePage() {
  const { file, text, edits, issues, mayWrite, saving, setText } = useSettings();
  const area = useRef<HTMLTextAreaElement>(null);
  const stored = file.value;
  if (stored === undefined) return null;
  if (stored.exists && stored.raw === null) return <p class="settings-notice problem">{t("unreadable")}</p>;
  const shown = text.value ?? stored.raw ?? "";
  const isBlocked = edits.value.length > 0;
  const found: readonly Issue[] = text.value === undefined ? [] : issues.value;

  function goTo(line: number): void {
    const lines = shown.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  }

  return (
    <section class="file">
      <p class="settings-path">
        <code>{stored.path}</code>
      </p>
      <p class="muted settings-lead">{t("file.lead", { redacted: REDACTED })}</p>
      {isBlocked && <p class="settings-notice">{t("forms-first")}</p>}
      {found.length > 0 && (
        <ul class="file-problems" role="alert" aria-label={t("file.problems")}>
          {found.map((issue) => (
            <li key={`${issue.path} ${issue.message}`} class="complaint">
              <Icon name="alert" size={14} />
              {issue.line === undefined ? (
                <span>{wordsOf(issue)}</span>
              ) : (
                <button type="button" class="link-button" onClick={() => goTo(issue.line ?? 1)}>
                  {t("file.line", { line: issue.line, message: wordsOf(issue) })}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div class="editor">
        <div class="editor-page">
          <Marks text={shown} issues={found} />
          <textarea
            ref={area}
            aria-label={t("file.label")}
            value={shown}
            readOnly={!mayWrite.value || isBlocked || saving.value}
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            wrap="off"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
      </div>
    </section>
  );
}

function wordsOf({ path, message }: Issue): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** Behind the text: it gives the editor its size and carries the words at the lines that they are about. */
function Marks({ text, issues }: { readonly text: string; readonly issues: readonly Issue[] }) {
  return (
    <pre class="editor-marks" aria-hidden="true">
      {text.split("\n").map((line, at) => {
        const here = issues.filter((issue) => issue.line === at + 1);
        return (
          <div key={at} data-wrong={here.length > 0}>
            <span>{line}</span>
            {here.length > 0 && <em> ← {here.map(({ message }) => message).join(" · ")}</em>}
            {"\n"}
          </div>
        );
      })}
    </pre>
  );
}
