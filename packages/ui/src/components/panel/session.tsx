import { useEffect, useId, useState } from "preact/hooks";
import type { SessionRow } from "openclaw/client";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/panel.ts";
import type { PanelKey } from "../../i18n/panel.ts";
import { faultText } from "../../state/connection.ts";
import { useApp } from "../../state/app.ts";

interface Choice {
  readonly value: string;
  readonly label: string;
}

interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly available: boolean;
}

/** How one conversation is answered: each choice is saved as it is made. */
export function SessionView({ sessionKey }: { readonly sessionKey: string }) {
  const { sessions, model, askReset } = useApp();
  const row: Partial<SessionRow> = sessions.row(sessionKey) ?? {};
  const models = useModels(sessionKey);
  const usual = sessions.model.value;
  const own = row.modelOverrideSource !== undefined && row.modelOverrideSource !== "default";
  const chosen = own && model.value !== undefined ? `${model.value.provider}/${model.value.model}` : "";
  const levels = (row.thinkingLevels ?? []).map(({ id, label }) => ({ value: id, label }));
  return (
    <div class="session-form">
      <p class="muted">{t("session.lead")}</p>
      <Pick
        of={sessionKey}
        name="model"
        label={t("session.model")}
        value={chosen}
        usual={usual === undefined ? undefined : usual.model}
        choices={models}
      />
      {levels.length > 1 && (
        <Pick
          of={sessionKey}
          name="thinkingLevel"
          label={t("session.thinking")}
          help={t("session.thinking.help")}
          value={row.thinkingLevel ?? ""}
          usual={levels.find(({ value }) => value === row.thinkingDefault)?.label}
          choices={levels}
        />
      )}
      <Pick
        of={sessionKey}
        name="queueMode"
        label={t("session.queue")}
        help={t("session.queue.help")}
        value={row.queueMode ?? ""}
        choices={words("collect", "followup", "steer", "steer-backlog", "interrupt")}
      />
      <Pick
        of={sessionKey}
        name="reasoningLevel"
        label={t("session.reasoning")}
        help={t("session.reasoning.help")}
        value={row.reasoningLevel ?? ""}
        choices={words("off", "on", "stream")}
      />
      <Pick
        of={sessionKey}
        name="verboseLevel"
        label={t("session.verbose")}
        help={t("session.verbose.help")}
        value={row.verboseLevel ?? ""}
        choices={words("off", "on", "full")}
      />
      <Pick
        of={sessionKey}
        name="responseUsage"
        label={t("session.usage")}
        help={t("session.usage.help")}
        value={row.responseUsage ?? ""}
        choices={[...words("off", "tokens"), { value: "full", label: t("choice.full-usage") }]}
      />
      <button type="button" class="button" onClick={() => askReset(sessionKey)}>
        {t("session.reset")}
      </button>
    </div>
  );
}

function words(...values: readonly string[]): Choice[] {
  return values.map((value) => ({ value, label: t(`choice.${value}` as PanelKey) }));
}

interface PickProps {
  /** Key of the session. */
  readonly of: string;
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  /** Empty for the default. */
  readonly value: string;
  readonly usual?: string | undefined;
  readonly choices: readonly Choice[];
}

function Pick({ of, name, label, help, value, usual, choices }: PickProps) {
  const { sessions } = useApp();
  const id = useId();
  const [wish, setWish] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [saved, setSaved] = useState(false);
  const shown = wish ?? value;
  const known = shown === "" || choices.some((choice) => choice.value === shown);

  async function choose(next: string): Promise<void> {
    setWish(next);
    setSaved(false);
    setProblem(undefined);
    try {
      await sessions.patch(of, { [name]: next === "" ? null : next });
      setSaved(true);
    } catch (error) {
      setWish(undefined);
      setProblem(faultText(error));
    }
  }

  // What the session says by now holds.
  useEffect(() => setWish(undefined), [value]);

  return (
    <div class="pick">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={shown}
        aria-describedby={`${id}-help`}
        onChange={(event) => void choose(event.currentTarget.value)}
      >
        <option value="">
          {usual === undefined ? t("session.default") : t("session.default.of", { value: usual })}
        </option>
        {!known && <option value={shown}>{shown}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      <div id={`${id}-help`} class="pick-help">
        {help !== undefined && <p class="muted">{help}</p>}
        <p role="status">{saved && problem === undefined && t("session.saved")}</p>
        {problem !== undefined && (
          <p class="complaint" role="alert">
            <Icon name="alert" size={14} /> {problem}
          </p>
        )}
      </div>
    </div>
  );
}

function useModels(sessionKey: string): readonly Choice[] {
  const { connection } = useApp();
  const [models, setModels] = useState<readonly Choice[]>([]);
  useEffect(() => {
    connection
      .gateway()
      ?.request("models.list", { view: "default", sessionKey })
      .then((answer) => {
        const rows = (answer as { readonly models: readonly ModelRow[] }).models;
        setModels(
          rows
            .filter(({ available }) => available)
            .map(({ id, name, provider }) => ({ value: `${provider}/${id}`, label: `${name} (${provider})` })),
        );
      })
      // Without a list the choice that holds is shown.
      .catch(() => setModels([]));
  }, [connection, sessionKey]);
  return models;
}
