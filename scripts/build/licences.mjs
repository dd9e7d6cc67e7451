// @ts-check
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * The text of dist/THIRD-PARTY-LICENSES.txt: each package that any of `files` belongs to, with its licence.
 * A package without a text of its own gets the standard one of its licence;
 * without either this throws, because the package may then not be passed on.
 * @param {Iterable<string>} files absolute paths, bundler prefixes and queries allowed
 */
export function licencesOf(files) {
  const folders = new Set([...files].map(packageFolder).filter((folder) => folder !== undefined));
  const entries = [...folders].map(describe).sort((a, b) => (a.title < b.title ? -1 : 1));
  const unique = new Map(entries.map((entry) => [entry.title, entry.text]));
  return [
    "OpenClaw contains the following packages. Each is used under the licence printed with it.\n",
    ...[...unique].map(([title, text]) => `${"=".repeat(80)}\n${title}\n\n${text.trim()}\n`),
  ].join("\n");
}

/** @param {string} file */
function packageFolder(file) {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at === -1 || file.startsWith("\0")) return undefined;
  const modules = file.slice(0, at + marker.length);
  const [first = "", second = ""] = file.slice(modules.length).split(sep);
  return join(modules, first.startsWith("@") ? join(first, second) : first);
}

/** @param {string} folder */
function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const own = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const file = own ? join(folder, own) : join(import.meta.dirname, "licence-texts", `${license}.txt`);
  if (!existsSync(file))
    throw new Error(`${name} has no licence text, so it cannot be bundled (${folder}, licence ${license}).`);
  return { title: `${name} ${version} (${license ?? "see below"})`, text: readFileSync(file, "utf8") };
}
