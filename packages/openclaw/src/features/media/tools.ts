/** Tools for pictures and documents. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { refsAt } from "./_candidates.ts";
import { Media } from "./index.ts";

const picture = Type.String({
  minLength: 1,
  maxLength: 14_000_000,
  description: "Path, media://inbound reference, http(s) URL or data URI",
});
const document = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: "Path, media://inbound reference or http(s) URL",
});

export const imageParams = closed({
  image: Type.Optional(picture),
  images: Type.Optional(Type.Array(picture, { maxItems: 64, description: "Several, at most 20" })),
  prompt: Type.Optional(Type.String({ maxLength: 20_000, description: "What to find out; default: a description" })),
  model: Type.Optional(Type.String({ maxLength: 200, description: "Leave out" })),
  maxBytesMb: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 20 })),
});

export const pdfParams = closed({
  pdf: Type.Optional(document),
  pdfs: Type.Optional(Type.Array(document, { maxItems: 64, description: "Several, at most 10" })),
  prompt: Type.Optional(Type.String({ maxLength: 20_000, description: "What to find out; default: an analysis" })),
  pages: Type.Optional(Type.String({ maxLength: 200, description: "Such as 1-5,7; default: from the first on" })),
  password: Type.Optional(Type.String({ maxLength: 200, description: "Of a locked document" })),
  model: Type.Optional(Type.String({ maxLength: 200, description: "Leave out" })),
  maxBytesMb: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 50 })),
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
    isFor: (config, _agentId, { seesImages }) =>
      refsAt(config, "agents.defaults.imageModel").length > 0 || seesImages === true,
    load: async () => (await import("./_image.ts")).image,
  }),
  defineTool({
    name: "pdf",
    group: "media",
    label: "Read a PDF file",
    summary: "Read PDF files",
    description: "Reads one or several PDF files and answers the prompt about them.",
    effect: "read",
    params: pdfParams,
    uses: [Config, Models, Media],
    isFor: (config, _agentId, { provider, seesImages }) =>
      READERS.has(provider) ||
      seesImages === true ||
      ["pdfModel", "imageModel"].some((name) => refsAt(config, `agents.defaults.${name}`).length > 0),
    load: async () => (await import("./_pdf.ts")).pdf,
  }),
];

/** Providers whose models read PDF files. */
const READERS: ReadonlySet<string> = new Set(["anthropic", "google"]);
