import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, Logo } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import { Command } from "./command.tsx";

interface Props {
  readonly problem?: string;
  readonly busy: boolean;
}

export function Login({ problem, busy }: Props) {
  const { connection } = useApp();
  const field = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);
  const complaint = missing ? t("login.required") : problem;

  useEffect(() => {
    if (!busy) field.current?.select();
    field.current?.focus();
  }, [busy, problem]);

  function submit(event: Event): void {
    event.preventDefault();
    const token = field.current?.value.trim() ?? "";
    setMissing(token === "");
    if (token === "") field.current?.focus();
    else connection.start(token);
  }

  return (
    <main class="login">
      <div class="login-card">
        <Logo size={36} />
        <h1>{t("login.title")}</h1>
        <p class="muted">{t("login.lead")}</p>
        <form onSubmit={submit} noValidate>
          <label for="token">{t("login.token")}</label>
          <div class="field">
            <input
              id="token"
              ref={field}
              // The types know one element per kind of field; this one changes kind.
              type={(shown ? "text" : "password") as "password"}
              placeholder={t("login.placeholder")}
              autocomplete="current-password"
              autocapitalize="off"
              spellcheck={false}
              aria-invalid={complaint !== undefined}
              aria-describedby={complaint === undefined ? undefined : "token-problem"}
              onInput={() => setMissing(false)}
            />
            <button
              type="button"
              class="icon-button"
              aria-label={t(shown ? "login.hide" : "login.show")}
              onClick={() => setShown(!shown)}
            >
              <Icon name={shown ? "hide" : "show"} />
            </button>
          </div>
          {complaint !== undefined && (
            <p id="token-problem" class="complaint" role="alert">
              <Icon name="alert" size={14} />
              <span>{complaint}</span>
            </p>
          )}
          <button type="submit" class="button primary wide" disabled={busy}>
            {t(busy ? "login.busy" : "login.submit")}
          </button>
        </form>
        <section class="login-help">
          <h2>{t("login.where")}</h2>
          <p>{t("login.where.command")}</p>
          <Command text="openclaw dashboard" />
          <p>{t("login.where.link")}</p>
          <p class="muted">{t("login.private")}</p>
        </section>
      </div>
    </main>
  );
}
