import { t } from "../../i18n/models.ts";
import type { Server } from "../../model/models/catalog.ts";
import { entriesOf } from "../../model/models/choices.ts";
import { isDict, valueAt, withValue } from "../../model/settings/path.ts";
import type { Dict } from "../../model/settings/path.ts";
import { Refusal } from "./refusal.tsx";
import { useChange, useModels } from "./use-models.ts";

/** Model servers on the computer of the gateway. */
export function Servers() {
  const { servers, looking, look } = useModels();
  const found = servers.value;
  return (
    <section class="models-group" aria-label={t("servers")}>
      <h2>{t("servers")}</h2>
      <p class="settings-lead">{t("servers.lead")}</p>
      {found?.length === 0 && <p class="muted">{t("servers.none")}</p>}
      <ul class="aliases">
        {found?.map((server) => (
          <ServerRow key={server.where} server={server} />
        ))}
      </ul>
      <button type="button" class="button" disabled={looking.value} onClick={() => void look()}>
        {t(looking.value ? "servers.looking" : "servers.look")}
      </button>
      <Refusal at="servers" />
    </section>
  );
}

function ServerRow({ server }: { readonly server: Server }) {
  const { file, mayWrite, saving } = useModels();
  const save = useChange();
  const { label, where, ref, provider } = server;
  const used = isUsed(file.value?.base ?? {}, server);
  return (
    <li>
      <span class="model-line">
        <strong>{label}</strong>
        <small>{t("server.at", { where, model: ref.slice(provider.id.length + 1) })}</small>
      </span>
      {used ? (
        <span class="chip">{t("server.used")}</span>
      ) : (
        mayWrite.value && (
          <button
            type="button"
            class="button"
            aria-label={t("server.use.for", { label, where })}
            disabled={saving.value}
            onClick={() => void save("servers", (base) => withServer(base, server))}
          >
            {t("server.use")}
          </button>
        )
      )}
    </li>
  );
}

function isUsed(base: Dict, { provider }: Server): boolean {
  return Object.hasOwn(entriesOf(base), provider.id);
}

/** Its entry, and as the default model where there is none. */
function withServer(base: Dict, { provider, ref }: Server): Dict {
  const known = withValue(base, ["models", "providers", provider.id], provider.config) as Dict;
  const path = ["agents", "defaults", "model"];
  const chosen = valueAt(known, path);
  if (typeof chosen === "string" || (isDict(chosen) && chosen["primary"] !== undefined)) return known;
  return withValue(known, path, isDict(chosen) ? { ...chosen, primary: ref } : ref) as Dict;
}
