import { useId } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import type { SkillsKey } from "../../i18n/en-skills.ts";
import { enSkills } from "../../i18n/en-skills.ts";
import { t } from "../../i18n/skills.ts";
import type { Skill } from "../../model/skills.ts";
import { SkillDetails } from "./details.tsx";
import { useSkills } from "./use-skills.ts";

/** One skill: what it is for, what it lacks, its switch; it opens into where it is and its key. */
export function SkillRow({ skill }: { readonly skill: Skill }) {
  const { changing, refusals, mayWrite, opened, toggle, change } = useSkills();
  const id = useId();
  const { name, emoji, description, skillKey, disabled } = skill;
  const open = opened.value.has(name);
  const reason = reasonOf(skill);
  const refusal = refusals.value.get(skillKey);
  return (
    <li class="skill" data-eligible={skill.eligible}>
      <div class="skill-line">
        <button type="button" class="skill-head" aria-expanded={open} aria-controls={id} onClick={() => toggle(name)}>
          <span class="skill-emoji" aria-hidden="true">
            {emoji ?? <Icon name="skills" />}
          </span>
          <span class="skill-text">
            <span class="skill-name">
              <strong>{name}</strong>{" "}
              {skill.source !== "openclaw-bundled" && <span class="chip">{sourceOf(skill)}</span>}
            </span>
            <span class="skill-about">{description}</span>
            {reason !== undefined && <span class="skill-reason">{reason}</span>}
          </span>
          <Icon name="chevron" size={14} />
        </button>
        <button
          type="button"
          class="switch"
          role="switch"
          aria-checked={!disabled}
          aria-label={t("use", { name })}
          disabled={!mayWrite.value || changing.value.has(skillKey)}
          onClick={() => void change(skillKey, { enabled: disabled })}
        >
          <span class="switch-track" aria-hidden="true" />
        </button>
      </div>
      {refusal !== undefined && (
        <p class="complaint" role="alert">
          <Icon name="alert" /> {refusal}
        </p>
      )}
      <div id={id} hidden={!open}>
        {open && <SkillDetails skill={skill} />}
      </div>
    </li>
  );
}

const KINDS = ["os", "bins", "anyBins", "env", "config"] as const;

function reasonOf({ eligible, disabled, blockedByAllowlist, missing }: Skill): string | undefined {
  if (eligible) return undefined;
  if (disabled) return t("disabled");
  if (blockedByAllowlist) return t("blocked");
  const needs = KINDS.filter((kind) => missing[kind].length > 0).map((kind) =>
    t(`needs.${kind}`, { names: missing[kind].join(", ") }),
  );
  return t("needs", { list: needs.join(t("and")) });
}

function sourceOf({ source }: Skill): string {
  const key = `source.${source}`;
  return key in enSkills ? t(key as SkillsKey) : source;
}
