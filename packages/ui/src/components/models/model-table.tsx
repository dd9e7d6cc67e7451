import { useState } from "preact/hooks";
import { t } from "../../i18n/models.ts";
import { priceOf, windowText } from "../../model/models/catalog.ts";
import type { ModelRow, Provider } from "../../model/models/catalog.ts";
import { useModels } from "./use-models.ts";

const FEW = 8;

/** The models of a provider with what they cost. */
export function ModelTable({ provider: { provider, displayName } }: { readonly provider: Provider }) {
  const { rows } = useModels();
  const [all, setAll] = useState(false);
  const own = rows.value.filter((row) => row.provider === provider);
  return (
    <>
      <h4>{t("models")}</h4>
      {own.length === 0 ? (
        <p class="muted">{t("models.none", { provider })}</p>
      ) : (
        <div class="model-table">
          <table>
            <caption class="offstage">{t("model.caption", { name: displayName })}</caption>
            <thead>
              <tr>
                <th scope="col">{t("model.name")}</th>
                <th scope="col">{t("model.window")}</th>
                <th scope="col">{t("model.in")}</th>
                <th scope="col">{t("model.out")}</th>
              </tr>
            </thead>
            <tbody>
              {(all ? own : own.slice(0, FEW)).map((row) => (
                <Line key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!all && own.length > FEW && (
        <button type="button" class="link-button" onClick={() => setAll(true)}>
          {t("models.all", { count: own.length })}
        </button>
      )}
    </>
  );
}

function Line({ row }: { readonly row: ModelRow }) {
  const price = priceOf(row);
  return (
    <tr>
      <th scope="row">
        {row.name} {row.name !== row.id && <code>{row.id}</code>}
      </th>
      <td>{row.contextWindow === undefined ? t("unknown") : windowText(row.contextWindow)}</td>
      <td>{price?.in ?? t("unknown")}</td>
      <td>{price?.out ?? t("unknown")}</td>
    </tr>
  );
}
