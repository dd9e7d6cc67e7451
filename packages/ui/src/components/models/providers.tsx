import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import { groupProviders } from "../../model/models/catalog.ts";
import { ProviderRow } from "./provider.tsx";
import { useModels } from "./use-models.ts";

/** Who serves models: those that are connected, then the rest. */
export function Providers() {
  const { providers, configured, query } = useModels();
  const { used, others } = groupProviders(providers.value, configured.value, query.value);
  const searched = query.value.trim() !== "";
  return (
    <section class="models-group" aria-label={t("providers")}>
      <h2>{t("providers")}</h2>
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
      {searched && used.length + others.length === 0 && <p class="muted">{t("none")}</p>}
      {(used.length > 0 || !searched) && (
        <>
          <h3>
            {t("used")} <span class="muted">{used.length}</span>
          </h3>
          {used.length === 0 && <p class="muted">{t("used.none")}</p>}
          <ul>
            {used.map((one) => (
              <ProviderRow key={one.provider} provider={one} />
            ))}
          </ul>
        </>
      )}
      {others.length > 0 && (
        <>
          <h3>
            {t("others")} <span class="muted">{others.length}</span>
          </h3>
          <ul>
            {others.map((one) => (
              <ProviderRow key={one.provider} provider={one} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
