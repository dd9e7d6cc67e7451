import { useState } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import type { Provider } from "../../model/models/catalog.ts";
import { entriesOf, withKey } from "../../model/models/choices.ts";
import { formatPath, isDict } from "../../model/settings/path.ts";
import { useApp } from "../../state/app.ts";
import { Command } from "../command.tsx";
import { useChange, useModels } from "./use-models.ts";

/** Ways to connect a provider: a key that is pasted, a variable, a login on the computer of the gateway. */
export function Key({ provider }: { readonly provider: Provider }) {
  const { file, mayWrite } = useModels();
  const { provider: id, keyEnv = [], ways = [], profiles } = provider;
  const entry = entriesOf(file.value?.base ?? {})[id];
  const stored = isDict(entry) ? entry["apiKey"] : undefined;
  const takesKey =
    ways.length === 0 || keyEnv.length > 0 || ways.some(({ kind }) => kind === "api_key" || kind === "token");
  const logsIn = ways.filter(({ kind }) => kind === "oauth" || kind === "device");
  return (
    <>
      {takesKey && mayWrite.value && (
        <>
          <h4>{t("key.label")}</h4>
          {isDict(stored) ? (
            <p class="muted">{t("key.elsewhere")}</p>
          ) : (
            <KeyForm provider={provider} has={stored !== undefined} />
          )}
          {profiles.length > 0 && <p class="muted">{t("key.first")}</p>}
          {keyEnv.length > 0 && provider.apiKey === undefined && (
            <p class="muted">{t("key.env", { names: keyEnv.join(" / ") })}</p>
          )}
        </>
      )}
      {logsIn.length > 0 && (
        <>
          <p class="muted">{t("way.login")}</p>
          <Command text={`openclaw models auth login --provider ${id}`} />
        </>
      )}
    </>
  );
}

/** A key is given or removed, never shown. */
function KeyForm({ provider, has }: { readonly provider: Provider; readonly has: boolean }) {
  const { file, saving } = useModels();
  const { page } = useApp();
  const save = useChange();
  const [text, setText] = useState("");
  const { provider: id, displayName: name } = provider;
  const at = `provider ${id}`;
  const typed = text.trim();
  const spoilt = /\s/.test(typed);
  const setting = formatPath(["models", "providers", id, "apiKey"]);
  async function keep(): Promise<void> {
    if (typed === "" || spoilt) return;
    if (await save(at, (base) => withKey(base, id, typed), t("key.saved", { name }))) setText("");
  }
  return (
    <form
      class="skill-key"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <input
        class="setting-input"
        type="password"
        aria-label={t("key", { name })}
        aria-invalid={spoilt}
        placeholder={t("key.type")}
        autocomplete="new-password"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={saving.value || typed === "" || spoilt}>
        {t(has ? "key.replace" : "key.save")}
      </button>
      {has && (
        <button
          type="button"
          class="button"
          disabled={saving.value}
          onClick={() => void save(at, (base) => withKey(base, id, undefined), t("key.removed", { name }))}
        >
          {t("key.remove")}
        </button>
      )}
      {spoilt && (
        <p class="complaint" role="alert">
          <Icon name="alert" /> {t("key.spaces")}
        </p>
      )}
      <p class="muted">
        {t("key.where", { path: file.value?.path ?? "openclaw.json", setting })}{" "}
        {has && (
          <button type="button" class="link-button" onClick={() => page.openSettings(`models.providers.${id}`)}>
            {t("settings")}
          </button>
        )}
      </p>
    </form>
  );
}
