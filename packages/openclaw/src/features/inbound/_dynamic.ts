/** What begins like a command and is not in the catalogue: an alias of a model. */
import type { TurnWishes } from "../../contracts/chat.ts";
import { Models } from "../../models/index.ts";
import type { Scene } from "./_scene.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { Routed } from "./route.ts";

type Found =
  | { readonly command: PipelineDeps["commands"][number]; readonly typed: string; readonly rest: string }
  /** For the rest of the message only. */
  | { readonly wishes: TurnWishes };

/** `/opus` alone chooses the model, `/opus hello` asks it once. */
export async function named(
  deps: PipelineDeps,
  scene: Scene,
  _routed: Routed,
  { name, rest }: { readonly name: string; readonly rest: string },
): Promise<Found | undefined> {
  const listed = await (await deps.use(Models)).list(scene.config, "configured");
  const model = listed.find(({ alias }) => alias?.toLowerCase() === name);
  const command = model && deps.catalog.find("model");
  if (!model || !command || scene.refusal(command)) return undefined;
  return rest === ""
    ? { command, typed: "model", rest: name }
    : { wishes: { model: `${model.provider}/${model.row.id}` } };
}
