import { defineCli } from "../../contracts/cli.ts";

const path = { name: "path", summary: "Place in the file: gateway.port, agents.list[0].id", required: true };

const dryRun = [
  { flags: "--dry-run", summary: "Check the change without writing it" },
  { flags: "--allow-exec", summary: "With --dry-run: references that only a program resolves may run it" },
];

/** Flags that build a provider of secrets. */
const provider = [
  {
    flags: "--provider-source <kind>",
    summary: "Write a provider to secrets.providers.<alias>",
    choices: ["env", "file", "exec"],
  },
  { flags: "--provider-path <path>", summary: "File with the secrets" },
  { flags: "--provider-mode <mode>", summary: "How the file is read", choices: ["json", "singleValue"] },
  { flags: "--provider-max-bytes <n>", summary: "Largest file read" },
  { flags: "--provider-timeout-ms <n>", summary: "Longest read or run, ms" },
  { flags: "--provider-command <path>", summary: "Program that prints the secrets" },
  { flags: "--provider-arg <text>", summary: "An argument of it", repeat: true },
  { flags: "--provider-no-output-timeout-ms <n>", summary: "Longest silence, ms" },
  { flags: "--provider-max-output-bytes <n>", summary: "Longest output" },
  { flags: "--provider-json-only", summary: "Refuse output that does not follow the protocol" },
  { flags: "--provider-env <name=value>", summary: "A further variable for it", repeat: true },
  { flags: "--provider-pass-env <name>", summary: "A variable of the gateway for it", repeat: true },
  { flags: "--provider-trusted-dir <path>", summary: "Folder that may hold the program", repeat: true },
  { flags: "--provider-allowlist <name>", summary: "A variable that may be read", repeat: true },
  { flags: "--provider-allow-insecure-path", summary: "Skip the check of owner and permissions" },
  { flags: "--provider-allow-symlink-command", summary: "Accept a link as the program" },
];

export const cli = [
  defineCli({
    name: "config get",
    summary: "Print one value of the configuration",
    args: [path],
    gateway: "none",
    json: true,
    diagnostic: true,
    examples: ["openclaw config get gateway.port", "openclaw config get gateway.auth.token"],
    load: () => import("./_cli/get.ts"),
  }),
  defineCli({
    name: "config set",
    summary: "Change one value of the configuration",
    args: [
      { ...path, required: false },
      { name: "value", summary: "JSON5, or else the text itself", required: false },
    ],
    options: [
      { flags: "--strict-json", summary: "Refuse a value that is not JSON5" },
      { flags: "--json", summary: "The same as --strict-json; with --dry-run print JSON" },
      { flags: "--merge", summary: "Add to the object that is there instead of replacing it" },
      { flags: "--replace", summary: "Allow entries of models, plugins and profiles to go" },
      ...dryRun,
      { flags: "--ref-source <kind>", summary: "Write a reference to a secret", choices: ["env", "file", "exec"] },
      { flags: "--ref-provider <alias>", summary: "Provider of the reference" },
      { flags: "--ref-id <id>", summary: "What the provider knows the secret by" },
      ...provider,
      { flags: "--batch-json <json>", summary: "A list of { path, value }, { path, ref } or { path, provider }" },
      { flags: "--batch-file <path>", summary: "The same from a file" },
    ],
    gateway: "none",
    examples: [
      "openclaw config set gateway.port 19000",
      "openclaw config set agents.defaults.model.primary anthropic/claude-opus-4-5",
    ],
    load: () => import("./_cli/set.ts"),
  }),
  defineCli({
    name: "config patch",
    summary: "Merge a JSON patch into the configuration; null removes a key",
    options: [
      { flags: "--file <path>", summary: "File with the patch" },
      { flags: "--stdin", summary: "Read the patch from standard input" },
      ...dryRun,
      { flags: "--replace-path <path>", summary: "Replace what stands there instead of merging", repeat: true },
      { flags: "--json", summary: "Print JSON" },
    ],
    gateway: "none",
    examples: ["openclaw config patch --file ./patch.json5 --dry-run"],
    load: () => import("./_cli/patch.ts"),
  }),
  defineCli({
    name: "config unset",
    summary: "Remove one value from the configuration",
    args: [path],
    gateway: "none",
    load: () => import("./_cli/unset.ts"),
  }),
  defineCli({
    name: "config validate",
    summary: "Check the configuration and list what is wrong",
    gateway: "none",
    json: true,
    diagnostic: true,
    load: () => import("./_cli/validate.ts"),
  }),
  defineCli({
    name: "config file",
    summary: "Print the path of the configuration file",
    gateway: "none",
    diagnostic: true,
    load: () => import("./_cli/file.ts"),
  }),
  defineCli({
    name: "config schema",
    summary: "Print the JSON Schema of the configuration",
    gateway: "none",
    json: true,
    diagnostic: true,
    load: () => import("./_cli/schema.ts"),
  }),
];
