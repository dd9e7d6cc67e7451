/** `docs/reference/config.md`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, sentences, table, value } from "./markdown.ts";
import { below, phrase, rows, type Row, type Schema } from "./schema.ts";

export interface Section {
  readonly path: string;
  readonly summary: string;
  readonly schema: Schema;
  readonly reload: string;
  readonly reloads?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

const INTRO =
  "Every key of `openclaw.json`. *Restarts* says what a change of the file restarts: nothing, one part of the gateway by itself, or the gateway. Keys marked *secret* are never shown. In a key, `*` stands for a name of your choice and `[]` for an item of a list.";

/** A channel with fewer rows is known by name only. */
const DESCRIBED = 20;
const COMMON = "channels.<channel>";

export function configPage(items: readonly Item[]): string {
  const sections = sortedSections(items);
  const channels = sections.filter(
    ({ path, schema }) => path.startsWith("channels.") && rows(schema).length > DESCRIBED,
  );
  const common = commonRows(channels);
  const parts = sections.map((section) => ({
    path: section.path,
    text: channels.includes(section) ? channelPart(section, common) : sectionPart(section),
  }));
  if (common.length > 0) parts.push({ path: COMMON, text: commonPart(common, channels) });
  const ordered = parts.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return page(
    "Configuration",
    INTRO,
    ordered.map(({ text }) => text),
  );
}

/** Sections come sorted, so an outer section is placed before those inside it. */
export function sortedSections(items: readonly Item[]): Section[] {
  return (items as unknown as Section[]).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function sectionPart(section: Section): string {
  const all = below(section.schema, "");
  return [heading(section), body(section.path, withoutMirrors(all, section), (row) => details(section, row))]
    .filter(Boolean)
    .join("\n\n");
}

/** A channel: what it has besides the common keys, or otherwise than those. */
function channelPart(section: Section, common: readonly Row[]): string {
  const shared = new Set(common.map(signature));
  const own = withoutMirrors(below(section.schema, ""), section).filter((row) => !shared.has(signature(row)));
  const what = restarts(section, "");
  const change = what === "nothing" ? "A change restarts nothing." : "A change restarts the channel.";
  const note = `${change} Besides the keys below it has those of [\`${COMMON}\`](#channelschannel).`;
  return [heading(section), note, body(section.path, own, (row) => details(section, row))].join("\n\n");
}

function commonPart(common: readonly Row[], channels: readonly Section[]): string {
  const names = channels.map(({ path }) => code(path.slice("channels.".length))).join(", ");
  const note = sentences(
    `What every channel takes, at \`${COMMON}\` and at \`${COMMON}.accounts.<account>\`: ${names}`,
    "A channel that says otherwise has the key in its own table",
  );
  const details: Details = () => ({ restarts: "the channel", secret: false });
  return [`## \`${COMMON}\``, note, body(COMMON, common, details)].join("\n\n");
}

function heading({ path, summary }: Section): string {
  return [`## \`${path}\``, cell(summary)].filter(Boolean).join("\n\n");
}

type Details = (row: Row) => { readonly restarts: string; readonly secret: boolean };

function body(path: string, list: readonly Row[], of: Details): string {
  const lines = list
    .filter(({ schema }) => !isGroup(schema))
    .map((row) => {
      const { restarts: what, secret } = of(row);
      return [
        code(join(path, row.key)),
        code(phrase(row.schema)),
        value(row.schema.default),
        what,
        cell(row.schema.description) + (secret ? " *(secret)*" : ""),
      ];
    });
  return table(["Key", "Type", "Default", "Restarts", "Meaning"], lines);
}

function details(section: Section, { key }: Row): ReturnType<Details> {
  return {
    restarts: restarts(section, key),
    secret: section.secrets?.some((pattern) => matches(pattern, key)) ?? false,
  };
}

/** An object with named keys only: they are listed themselves. */
function isGroup({ properties, patternProperties, additionalProperties }: Schema): boolean {
  return properties !== undefined && patternProperties === undefined && typeof additionalProperties !== "object";
}

function join(path: string, key: string): string {
  return key === "" || key.startsWith("[]") ? path + key : `${path}.${key}`;
}

/** What stands in each of the channels with the same meaning. */
function commonRows(channels: readonly Section[]): readonly Row[] {
  const [first, ...others] = channels.map((section) => withoutMirrors(rows(section.schema), section));
  if (first === undefined || others.length === 0) return [];
  const elsewhere = others.map((list) => new Set(list.map(signature)));
  return first.filter((row) => elsewhere.filter((known) => known.has(signature(row))).length >= others.length / 2);
}

function signature({ key, schema }: Row): string {
  return JSON.stringify([key, phrase(schema), schema.default, schema.description]);
}

/** Places that repeat another place of the section: only what differs is listed again. */
const MIRRORS: readonly { readonly at: RegExp; readonly of: string }[] = [
  { at: /^accounts\.\*\./, of: "" },
  { at: /^list\[\]\./, of: "defaults." },
];

function withoutMirrors(all: readonly Row[], { path }: Section): readonly Row[] {
  const known = new Set(all.map(({ key, schema }) => `${key} ${schema.description ?? ""}`));
  return all.filter(({ key, schema }) => {
    const mirror = MIRRORS.find(({ at }) => at.test(key));
    if (mirror === undefined || (mirror.of === "" && !path.startsWith("channels."))) return true;
    const original = mirror.of + key.replace(mirror.at, "");
    return !known.has(`${original} ${schema.description ?? ""}`);
  });
}

/** `the gateway`, `cron`, `nothing`. */
function restarts({ reload, reloads = {} }: Section, key: string): string {
  const closest = Object.keys(reloads)
    .filter((pattern) => matches(pattern, key) || matches(`${pattern}.**`, key))
    .sort((a, b) => b.length - a.length)[0];
  const found = closest === undefined ? reload : (reloads[closest] ?? reload);
  if (found === "restart") return "the gateway";
  return found.startsWith("restart:") ? code(found.slice("restart:".length)) : "nothing";
}

/** `*` stands for one segment, a final `**` for all that follow. List items match as `*`. */
function matches(pattern: string, key: string): boolean {
  const wanted = pattern.split(".");
  const given = key.replaceAll("[]", ".*").split(".");
  if (wanted.at(-1) === "**")
    return matches(wanted.slice(0, -1).join("."), given.slice(0, wanted.length - 1).join("."));
  return wanted.length === given.length && wanted.every((part, at) => part === "*" || part === given[at]);
}
