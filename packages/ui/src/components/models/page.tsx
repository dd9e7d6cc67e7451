import { useEffect } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import { useApp } from "../../state/app.ts";
import { Aliases } from "./aliases.tsx";
import { Providers } from "./providers.tsx";
import { RoleChoice } from "./role.tsx";
import { Servers } from "./servers.tsx";
import { useModels } from "./use-models.ts";

export function ModelsPage() {
  const { file, reload } = useModels();
  // How logins stand changes while nobody looks.
  useEffect(() => {
    if (file.value !== undefined) reload();
  }, []);
  return (
    <div class="settings models">
      <Head />
      <div class="settings-body">
        <div class="settings-measure">
          <Content />
        </div>
      </div>
    </div>
  );
}

function Head() {
  const { ui } = useApp();
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
      <h1 class="header-title">{t("title")}</h1>
    </header>
  );
}

function Content() {
  const { file, problem, reload, mayWrite } = useModels();
  if (file.value === undefined && problem.value !== undefined)
    return (
      <div class="settings-notice problem" role="alert">
        <p>{problem.value}</p>
        <button type="button" class="button" onClick={reload}>
          {t("retry")}
        </button>
      </div>
    );
  if (file.value === undefined) return <p class="muted">{t("loading")}</p>;
  return (
    <>
      <p class="settings-lead">{t("lead")}</p>
      {!mayWrite.value && <p class="settings-notice">{t("read-only")}</p>}
      <RoleChoice role="model" />
      <RoleChoice role="imageModel" />
      <Aliases />
      <Servers />
      <Providers />
    </>
  );
}
