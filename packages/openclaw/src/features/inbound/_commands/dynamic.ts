/** What begins like a command and is not in the catalogue: a skill, else an alias of a model. */
import type { ChatCommand, TurnWishes } from "../../../contracts/chat.ts";
import { Models } from "../../../models/index.ts";
import { Catalog } from "./catalog.ts";
import type { Scene } from "./scene.ts";
import { skillCommands } from "./skill-commands.ts";
import type { PipelineDeps } from "../pipeline.ts";

type Found =
  | { readonly command: ChatCommand; readonly typed: string; readonly rest: string }
  /** For the rest of the message only. */
  | { readonly wishes: TurnWishes };

export interface Unknown {
  readonly name: string;
  readonly rest: string;
}

export async function named(
  deps: PipelineDeps,
  scene: Scene,
  { agentId, unknown }: { readonly agentId: string; readonly unknown: Unknown },
): Promise<Found | undefined> {
  const { name, rest } = unknown;
  const skill = new Catalog(await skillCommands(deps.use, { agentId, config: scene.config })).find(name);
  return skill ? { command: skill, typed: name, rest } : modelAlias(deps, scene, unknown);
}

/** `/opus` alone chooses the model, `/opus hello` asks it once. */
async function modelAlias(deps: PipelineDeps, scene: Scene, { name, rest }: Unknown): Promise<Found | undefined> {
  const listed = await (await deps.use(Models)).list(scene.config, "configured");
  const model = listed.find(({ alias }) => alias?.toLowerCase() === name);
  const command = model && deps.catalog.find("model");
  if (!model || !command || scene.refusal(command)) return undefined;
  return rest === ""
    ? { command, typed: "model", rest: name }
    : { wishes: { model: `${model.provider}/${model.row.id}` } };
}
