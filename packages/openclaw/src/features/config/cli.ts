import { defineCli } from "../../contracts/cli.ts";

const path = { name: "path", summary: "Place in the file: gateway.port, agents.list[0].id", required: true };

export const cli = [
  defineCli({
    name: "config get",
    summary: "Print one value of the configuration",
    args: [path],
    gateway: "none",
    json: true,
    diagnostic: true,
    examples: ["openclaw config get gateway.port", "openclaw config get gateway.auth.token"],
    load: () => import("./_cli-get.ts"),
  }),
  defineCli({
    name: "config set",
    summary: "Change one value of the configuration",
    args: [path, { name: "value", summary: "JSON5, or else the text itself", required: true }],
    options: [
      { flags: "--strict-json", summary: "Refuse a value that is not JSON5" },
      { flags: "--json", summary: "The same as --strict-json; with --dry-run print JSON" },
      { flags: "--merge", summary: "Add to the object that is there instead of replacing it" },
      { flags: "--replace", summary: "Allow entries of models, plugins and profiles to go" },
      { flags: "--dry-run", summary: "Check the change without writing it" },
    ],
    gateway: "none",
    examples: [
      "openclaw config set gateway.port 19000",
      "openclaw config set agents.defaults.model.primary anthropic/claude-opus-4-5",
    ],
    load: () => import("./_cli-set.ts"),
  }),
  defineCli({
    name: "config unset",
    summary: "Remove one value from the configuration",
    args: [path],
    gateway: "none",
    load: () => import("./_cli-unset.ts"),
  }),
  defineCli({
    name: "config validate",
    summary: "Check the configuration and list what is wrong",
    gateway: "none",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-validate.ts"),
  }),
  defineCli({
    name: "config file",
    summary: "Print the path of the configuration file",
    gateway: "none",
    diagnostic: true,
    load: () => import("./_cli-file.ts"),
  }),
  defineCli({
    name: "config schema",
    summary: "Print the JSON Schema of the configuration",
    gateway: "none",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-schema.ts"),
  }),
];
