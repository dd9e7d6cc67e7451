import { useLayoutEffect } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/settings.ts";
import { parsePath } from "../../model/settings/path.ts";
import type { Path } from "../../model/settings/path.ts";
import { lookUp } from "../../model/settings/schema.ts";
import { useApp } from "../../state/app.ts";
import { FilePage } from "./file.tsx";
import { Front, Nav } from "./nav.tsx";
import { PlacePage } from "./place.tsx";
import { Results } from "./results.tsx";
import { Review } from "./review.tsx";
import { SaveBar } from "./save-bar.tsx";
import { useSettings } from "./use-settings.ts";

export function SettingsPage() {
  const { page } = useApp();
  const { query } = useSettings();
  const place = page.settings.value ?? { at: "", file: false };
  const wanted = page.wanted.value;
  // Another place ends a search, unless the search is what led there.
  useLayoutEffect(() => {
    if (page.wanted.value === undefined) query.value = "";
  }, [place.at, place.file]);
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    query.value = wanted;
    page.wanted.value = undefined;
  }, [wanted]);
  return (
    <div class="settings">
      <Head at={place.at} file={place.file} />
      <div class="settings-main">
        <Nav at={place.at} />
        <div class="settings-body" key={`${place.at} ${place.file}`}>
          <div class="settings-measure">
            <Notices />
            <Content at={place.at} file={place.file} />
          </div>
        </div>
      </div>
      <SaveBar />
      <Review />
    </div>
  );
}

function Content({ at, file }: { readonly at: string; readonly file: boolean }) {
  const { catalogue, file: stored, query } = useSettings();
  if (catalogue.value === undefined || stored.value === undefined) return <Waiting />;
  if (query.value.trim() !== "") return <Results query={query.value} />;
  if (file) return <FilePage />;
  const path = nearest(parsePath(at) ?? []);
  if (path.length === 0) return <Front />;
  return <PlacePage key={at} path={path} />;

  /** The part of a path that the schema knows. */
  function nearest(wanted: Path): Path {
    const star = wanted.indexOf("*");
    const known = star < 0 ? wanted : wanted.slice(0, star);
    for (let length = known.length; length > 0; length -= 1)
      if (catalogue.value !== undefined && lookUp(catalogue.value, known.slice(0, length)) !== undefined)
        return known.slice(0, length);
    return [];
  }
}

function Waiting() {
  const { problem, reload } = useSettings();
  if (problem.value === undefined) return <p class="muted">{t("loading")}</p>;
  return (
    <div class="settings-notice" role="alert">
      <p>{problem.value}</p>
      <button type="button" class="button" onClick={reload}>
        {t("retry")}
      </button>
    </div>
  );
}

function Notices() {
  const { mayWrite, file, text } = useSettings();
  const { page } = useApp();
  const stored = file.value;
  return (
    <>
      {stored !== undefined && !mayWrite.value && <p class="settings-notice">{t("read-only")}</p>}
      {text.value !== undefined && page.settings.value?.file === false && (
        <p class="settings-notice">{t("text-first")}</p>
      )}
      {stored !== undefined && stored.issues.length > 0 && (
        <div class="settings-notice problem" role="alert">
          <p>{t("invalid")}</p>
          <ul>
            {stored.issues.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Head({ at, file }: { readonly at: string; readonly file: boolean }) {
  const { ui, page } = useApp();
  return (
    <header class="header">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label={t("menu")}
        onClick={() => (ui.drawer.value = true)}
      >
        <Icon name="panel" size={18} />
      </button>
      {(at !== "" || file) && (
        <button type="button" class="icon-button" aria-label={t("back")} title={t("back")} onClick={() => up(at)}>
          <Icon name="back" size={18} />
        </button>
      )}
      <h1 class="header-title">{t("title")}</h1>
      <div class="settings-views" role="group" aria-label={t("view")}>
        <button type="button" aria-pressed={!file} onClick={() => page.openSettings(at)}>
          {t("view.forms")}
        </button>
        <button type="button" aria-pressed={file} onClick={() => page.openFile()}>
          {t("view.file")}
        </button>
      </div>
    </header>
  );

  function up(from: string): void {
    const path = parsePath(from) ?? [];
    page.openSettings(path.length < 2 ? "" : from.slice(0, Math.max(from.lastIndexOf("."), from.lastIndexOf("["))));
  }
}
