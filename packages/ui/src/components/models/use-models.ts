import { t } from "../../i18n/models.ts";
import { useApp } from "../../state/app.ts";
import type { Make, ModelsStore } from "../../state/models.ts";

/** The store of the models; for components that stand inside of their page. */
export function useModels(): ModelsStore {
  const chunk = useApp().page.parts.models.chunk.value;
  if (chunk === undefined || chunk === "failed") throw new Error("useModels outside of the models");
  return chunk.store;
}

/** Changes the file and says so, with the way back of the newest change; whether it was taken. */
export function useChange(): (at: string, make: Make, said?: string) => Promise<boolean> {
  const { ui } = useApp();
  const { change } = useModels();
  function tell(said: string, undo?: () => void): void {
    ui.toast(said, { name: "models", ...(undo === undefined ? {} : { action: { label: t("undo"), run: undo } }) });
  }
  return async (at, make, said = t("saved")) => {
    const back = await change(at, make);
    if (back === undefined) return false;
    const undo = async (way: Make) => {
      if ((await change(at, way)) !== undefined) tell(t("undone"));
    };
    tell(said, back === "lost" ? undefined : () => void undo(back));
    return true;
  };
}
