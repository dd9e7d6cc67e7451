/** Tools for pictures. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { Media } from "./index.ts";

const picture = Type.String({
  minLength: 1,
  maxLength: 14_000_000,
  description: "Path, media://inbound reference, http(s) URL or data URI",
});

export const imageParams = closed({
  image: Type.Optional(picture),
  images: Type.Optional(Type.Array(picture, { maxItems: 64, description: "Several, at most 20" })),
  prompt: Type.Optional(Type.String({ maxLength: 20_000, description: "What to find out; default: a description" })),
  model: Type.Optional(Type.String({ maxLength: 200, description: "Leave out" })),
  maxBytesMb: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 20 })),
});

export const tools = [
  defineTool({
    name: "image",
    group: "media",
    label: "Look at a picture",
    summary: "Look at pictures",
    description: "Looks at one or several pictures and answers the prompt about them.",
    effect: "read",
    params: imageParams,
    uses: [Config, Models, Media],
    isFor: (config, _agentId, { seesImages }) => hasImageModel(config) || seesImages === true,
    load: async () => (await import("./_image.ts")).image,
  }),
];

function hasImageModel(config: ConfigSnapshot): boolean {
  const setting = config.at("agents.defaults.imageModel");
  if (typeof setting === "string") return setting.trim() !== "";
  const primary = (setting as { readonly primary?: unknown } | undefined)?.primary;
  return typeof primary === "string" && primary.trim() !== "";
}
