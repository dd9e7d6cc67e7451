import { useId } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import { moodOf } from "../../model/models/catalog.ts";
import type { Provider } from "../../model/models/catalog.ts";
import { Key } from "./key.tsx";
import { Logins, standingText } from "./logins.tsx";
import { ModelTable } from "./model-table.tsx";
import { Refusal } from "./refusal.tsx";
import { useModels } from "./use-models.ts";

/** One provider: whether it can be asked; it opens into its logins, its key and its models. */
export function ProviderRow({ provider }: { readonly provider: Provider }) {
  const { opened } = useModels();
  const id = useId();
  const { provider: name, displayName } = provider;
  const open = opened.value.has(name);
  const trouble = troubleOf(provider);
  function toggle(): void {
    const others = [...opened.value].filter((one) => one !== name);
    opened.value = new Set(open ? others : [...others, name]);
  }
  return (
    <li class="skill provider">
      <button type="button" class="skill-head" aria-expanded={open} aria-controls={id} onClick={toggle}>
        <span class="skill-text">
          <span class="skill-name">
            <strong>{displayName}</strong> <code>{name}</code>
          </span>
          {trouble !== undefined && <span class="skill-reason">{trouble}</span>}
        </span>
        <State provider={provider} />
        <Icon name="chevron" size={14} />
      </button>
      <div id={id} hidden={!open}>
        {open && <Details provider={provider} />}
      </div>
    </li>
  );
}

function State({ provider }: { readonly provider: Provider }) {
  const mood = moodOf(provider);
  const none = provider.apiKey === undefined && provider.profiles.length === 0;
  const key =
    provider.chat === false ? "mood.no-chat" : mood === "ready" && none ? "mood.local" : (`mood.${mood}` as const);
  return (
    <span class="provider-state" data-mood={mood}>
      {t(key)}
    </span>
  );
}

/** Why nobody can be asked, or who rests. */
function troubleOf({ profiles, apiKey }: Provider): string | undefined {
  const all = apiKey === undefined ? profiles : [...profiles, apiKey];
  const bad = all.find(({ status }) => ["cooldown", "disabled", "expired", "missing", "unusable"].includes(status));
  if (bad === undefined) return undefined;
  const text = standingText(bad);
  return "profileId" in bad && all.length > 1 ? t("trouble.of", { login: bad.profileId, text }) : text;
}

function Details({ provider }: { readonly provider: Provider }) {
  const { note } = provider;
  return (
    <div class="provider-details">
      {note !== undefined && <p class="settings-lead">{note.replaceAll("`", "")}</p>}
      <Logins provider={provider} />
      <Key provider={provider} />
      <Refusal at={`provider ${provider.provider}`} />
      {provider.chat !== false && <ModelTable provider={provider} />}
    </div>
  );
}
