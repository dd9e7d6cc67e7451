import { useState } from "preact/hooks";
import { t } from "../../i18n/skills.ts";
import type { Skill } from "../../model/skills.ts";
import { useApp } from "../../state/app.ts";
import { CopyButton } from "../copy-button.tsx";
import { useSkills } from "./use-skills.ts";

export function SkillDetails({ skill }: { readonly skill: Skill }) {
  const { filePath, command, homepage, install, eligible, primaryEnv } = skill;
  const link = homepage !== undefined && /^https?:\/\//.test(homepage) ? homepage : undefined;
  return (
    <dl class="skill-details">
      <dt>{t("file")}</dt>
      <dd>
        <code>{filePath}</code> <CopyButton text={filePath} />
      </dd>
      {command !== undefined && (
        <>
          <dt>{t("command")}</dt>
          <dd>
            <code>/{command}</code>
          </dd>
        </>
      )}
      {link !== undefined && (
        <>
          <dt>{t("homepage")}</dt>
          <dd>
            <a href={link} target="_blank" rel="noreferrer noopener">
              {link}
            </a>
          </dd>
        </>
      )}
      {!eligible && install.length > 0 && (
        <>
          <dt>{t("get")}</dt>
          <dd>{install.map(({ label }) => label).join("; ")}</dd>
        </>
      )}
      {primaryEnv !== undefined && (
        <>
          <dt>{t("key", { name: primaryEnv })}</dt>
          <dd>
            <Key skill={skill} variable={primaryEnv} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** A key is given or removed, never shown. */
function Key({ skill, variable }: { readonly skill: Skill; readonly variable: string }) {
  const { ui } = useApp();
  const { mayWrite, changing, change } = useSkills();
  const [text, setText] = useState("");
  const { skillKey, name, hasApiKey } = skill;
  const busy = changing.value.has(skillKey);
  async function send(apiKey: string): Promise<void> {
    if (!(await change(skillKey, { apiKey }))) return;
    setText("");
    ui.toast(t(apiKey === "" ? "key.removed" : "key.saved", { name }));
  }
  return (
    <form
      class="skill-key"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") void send(text.trim());
      }}
    >
      {hasApiKey === true && <p class="muted">{t("key.set")}</p>}
      {mayWrite.value && (
        <>
          <input
            class="setting-input"
            type="password"
            aria-label={t("key", { name: variable })}
            placeholder={t("key.type")}
            autocomplete="new-password"
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="button" disabled={busy || text.trim() === ""}>
            {t("key.save")}
          </button>
          {hasApiKey === true && (
            <button type="button" class="button" disabled={busy} onClick={() => void send("")}>
              {t("key.remove")}
            </button>
          )}
        </>
      )}
    </form>
  );
}
