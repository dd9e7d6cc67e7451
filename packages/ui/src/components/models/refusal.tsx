import { Icon } from "../../icons/index.tsx";
import { useModels } from "./use-models.ts";

/** What was refused at this place of the page. */
export function Refusal({ at }: { readonly at: string }) {
  const refusal = useModels().refusal.value;
  if (refusal?.at !== at) return null;
  return (
    <p class="complaint" role="alert">
      <Icon name="alert" /> {refusal.text}
    </p>
  );
}
