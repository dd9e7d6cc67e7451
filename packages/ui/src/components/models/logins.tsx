import type { ModelsKey } from "../../i18n/en-models.ts";
import { enModels } from "../../i18n/en-models.ts";
import { t } from "../../i18n/models.ts";
import { exactTime, shortMoment } from "../../lib/time.ts";
import type { KeyState, Profile, Provider } from "../../model/models/catalog.ts";

/** The logins of a provider in the order in which they are tried. Secrets never come here. */
export function Logins({ provider: { profiles, apiKey } }: { readonly provider: Provider }) {
  if (profiles.length === 0 && apiKey === undefined) return null;
  return (
    <>
      <h4>{t("logins")}</h4>
      {profiles.length + (apiKey === undefined ? 0 : 1) > 1 && <p class="muted">{t("logins.order")}</p>}
      <ol class="logins">
        {profiles.map((profile) => (
          <li key={profile.profileId}>
            <code>{profile.profileId}</code>
            <span class="chip">{word(`kind.${profile.type}`, profile.type)}</span>
            {profile.next === true && <span class="chip">{t("login.next")}</span>}
            <small>{profileText(profile)}</small>
          </li>
        ))}
        {apiKey !== undefined && (
          <li>
            <span>{t(apiKey.source === "env" ? "login.env" : "login.config", { name: apiKey.name })}</span>
            {apiKey.next === true && profiles.length > 0 && <span class="chip">{t("login.next")}</span>}
            <small>{standingText(apiKey)}</small>
          </li>
        )}
      </ol>
    </>
  );
}

function profileText(profile: Profile): string {
  const { expiry, renewable } = profile;
  const standing = standingText(profile);
  if (expiry === undefined || standing !== t("state.ok")) return standing;
  return renewable === true ? t("state.renews") : t("state.ends", { time: exactTime(expiry.at) });
}

/** What keeps a login from being used, and until when; or that it works. */
export function standingText({ status, reason, until, model }: Profile | KeyState): string {
  const why = reason === undefined ? t("unknown") : word(`reason.${reason}`, reason);
  const time = until === undefined ? t("unknown") : shortMoment(until, Date.now());
  if (status === "cooldown" && model !== undefined) return t("state.model", { model, time, reason: why });
  return word(`state.${status}`, status, { time, reason: why });
}

function word(key: string, otherwise: string, parameters: Readonly<Record<string, string>> = {}): string {
  return key in enModels ? t(key as ModelsKey, parameters) : otherwise;
}
