import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import { priceOf, refOf, windowText } from "../../model/models/catalog.ts";
import { aliasesOf } from "../../model/models/choices.ts";
import { useModels } from "./use-models.ts";

/** A model that was chosen: its name, what it costs, and whether it can be asked. */
export function ModelLine({ reference }: { readonly reference: string }) {
  const { rows, file } = useModels();
  const short = aliasesOf(file.value?.base ?? {}).find(({ alias }) => alias.toLowerCase() === reference.toLowerCase());
  const row = rows.value.find((one) => refOf(one) === (short?.ref ?? reference));
  const price = row && priceOf(row);
  return (
    <span class="model-line">
      <span class="model-title">
        <strong>{row?.name ?? reference}</strong> {row !== undefined && <code>{reference}</code>}
      </span>
      <small>
        {price !== undefined && t("price", price)}
        {row?.contextWindow !== undefined &&
          `${price === undefined ? "" : " · "}${t("window", { size: windowText(row.contextWindow) })}`}
      </small>
      {row?.available === false && (
        <small class="model-lacks">
          <Icon name="alert" size={12} /> {t("pick.no-key")}
        </small>
      )}
    </span>
  );
}
