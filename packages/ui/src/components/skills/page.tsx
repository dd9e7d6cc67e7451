import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/skills.ts";
import { grouped } from "../../model/skills.ts";
import type { Report } from "../../model/skills.ts";
import { useApp } from "../../state/app.ts";
import { SkillRow } from "./row.tsx";
import { useSkills } from "./use-skills.ts";

export function SkillsPage() {
  return (
    <div class="settings skills">
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
  const { agents, report, choose } = useSkills();
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
      {agents.value.length > 1 && (
        <select
          class="setting-input"
          aria-label={t("agent")}
          value={report.value?.agentId ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {agents.value.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </header>
  );
}

function Content() {
  const { report, problem, reload, mayWrite, query } = useSkills();
  const found = report.value;
  if (found === undefined && problem.value !== undefined)
    return (
      <div class="settings-notice problem" role="alert">
        <p>{problem.value}</p>
        <button type="button" class="button" onClick={reload}>
          {t("retry")}
        </button>
      </div>
    );
  if (found === undefined) return <p class="muted">{t("loading")}</p>;
  return (
    <>
      <p class="settings-lead">{t("lead", { path: `${found.workspaceDir}/skills` })}</p>
      {!mayWrite.value && <p class="settings-notice">{t("read-only")}</p>}
      <label class="settings-search skills-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
        />
      </label>
      <Groups report={found} query={query.value} />
    </>
  );
}

function Groups({ report, query }: { readonly report: Report; readonly query: string }) {
  const groups = grouped(report.skills, query);
  const problems = query.trim() === "" ? (report.problems ?? []) : [];
  if (groups.length === 0 && problems.length === 0) return <p class="muted">{t("none")}</p>;
  return (
    <>
      {problems.length > 0 && (
        <section class="settings-notice problem">
          <h2>{t("broken")}</h2>
          <ul>
            {problems.map(({ path, reason }) => (
              <li key={path}>
                <code>{path}</code> {reason}
              </li>
            ))}
          </ul>
        </section>
      )}
      {groups.map(([group, skills]) => (
        <section class="skills-group" key={group}>
          <h2>
            {t(group)} <span class="muted">{skills.length}</span>
          </h2>
          <ul>
            {skills.map((skill) => (
              <SkillRow key={skill.filePath} skill={skill} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
