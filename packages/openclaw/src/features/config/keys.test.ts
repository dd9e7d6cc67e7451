/** Every key of the reference is known, and a change of it needs what the reference says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { allSections } from "../../app/sections.ts";
import { planReload } from "./_follow/plan.ts";
import { childSchema, composeSchema, type Schema } from "./_schema/schema.ts";

/** Channels that the reference describes key by key. */
const CHANNELS = [
  "whatsapp",
  "telegram",
  "discord",
  "slack",
  "googlechat",
  "mattermost",
  "signal",
  "imessage",
  "msteams",
  "bluebubbles",
  "webchat",
];
const root = composeSchema(allSections);
const lines = readFileSync(new URL("../../../../../test/recordings/config-keys.txt", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .flatMap((line) => (line.includes("<channel>") ? CHANNELS.map((id) => line.replaceAll("<channel>", id)) : [line]))
  .map((line) => {
    const [path = "", reload = ""] = line.split(" ");
    return { path, reload: reload === "restart:channels.whatsapp" && !path.startsWith("web.") ? "live" : reload };
  });

test("every key of the reference is known", () => {
  assert.deepEqual(
    lines.map(({ path }) => path).filter((path) => !known(path)),
    [],
  );
});

test("a change of each needs what the reference says", () => {
  const wrong = lines.flatMap(({ path, reload }) => {
    const plan = planReload(allSections, [path.replaceAll("[]", "[0]").replaceAll(".*", ".name")]);
    const [part] = Object.keys(plan.parts);
    const needs =
      plan.restart.length > 0
        ? "restart"
        : part === undefined
          ? plan.live.length > 0
            ? "live"
            : "none"
          : `restart:${part}`;
    return needs === reload ? [] : [`${path}: ${needs} instead of ${reload}`];
  });
  assert.deepEqual(wrong, []);
});

test("every key says in words what it means", () => {
  const silent = lines
    .filter(({ path }) => !/[*\]]$/.test(path))
    .filter(({ path }) => {
      const schema = schemaAt(path);
      return schema !== undefined && !isOpen(schema) && schema["properties"] === undefined && !schema["description"];
    });
  assert.deepEqual(
    silent.map(({ path }) => path),
    [],
  );
});

function known(path: string): boolean {
  return schemaAt(path) !== undefined;
}

/** `*` stands for a name of the user's choice, `[]` for a list item. */
function schemaAt(path: string): Schema | undefined {
  return path
    .replaceAll("[]", ".0")
    .split(".")
    .reduce<Schema | undefined>((node, word) => node && child(node, word), root);
}

function child(node: Schema, word: string): Schema | undefined {
  if (isOpen(node)) return node;
  return childSchema(node, word === "*" ? (freeName(node) ?? "anyName") : word);
}

/** A value of the plugin's or provider's own making. */
function isOpen(node: Schema): boolean {
  return ["type", "anyOf", "enum", "const", "properties"].every((keyword) => node[keyword] === undefined);
}

/** For `actions.*` and the like: any one of the keys that are there. */
function freeName(node: Schema): string | undefined {
  const branches = (node["anyOf"] ?? [node]) as Schema[];
  return branches.flatMap((branch) => Object.keys((branch["properties"] ?? {}) as object))[0];
}
