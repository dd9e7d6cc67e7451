import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/panel.ts";
import { useApp } from "../../state/app.ts";
import type { PanelPlace } from "../../state/panel.ts";
import { ContextView } from "./context.tsx";
import { RunView } from "./run.tsx";
import { SessionView } from "./session.tsx";

const TITLES = { run: "run.title", context: "context.title", session: "session.title" } as const;

export function PanelView() {
  const { panel } = useApp();
  const place = panel.place.value;
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // Who opens it is taken there; what is behind it may be out of reach.
  useEffect(() => heading.current?.focus(), [place]);
  if (place === undefined) return null;
  return (
    <aside class="panel" aria-labelledby={id}>
      <header class="header">
        <h2 id={id} ref={heading} class="header-title" tabIndex={-1}>
          {t(TITLES[place.kind])}
        </h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t("close")}
          title={t("close")}
          onClick={() => panel.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="panel-body" tabIndex={0} role="group" aria-labelledby={id}>
        <Content place={place} />
      </div>
    </aside>
  );
}

function Content({ place }: { readonly place: PanelPlace }) {
  if (place.kind === "run") return <RunView place={place} />;
  if (place.kind === "context") return <ContextView sessionKey={place.sessionKey} />;
  return <SessionView sessionKey={place.sessionKey} />;
}
