/** Issues as text for people and as the fault that stops a start. */
import type { Fault } from "../../base/errors.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { ConfigFile, ConfigIssue } from "./index.ts";
import { errors } from "./errors.ts";
import { isUnknownKey } from "./_wording.ts";

/**
 * `gateway.port: expected a whole number, got text (line 3, column 5)`, before the line the file when it is
 * an included one; the root is `<root>`.
 */
export function issueLine({ path, message, file, line, column }: ConfigIssue): string {
  const place = [
    ...(file === undefined ? [] : [file]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(line === undefined || column === undefined ? [] : [`column ${column}`]),
  ];
  return `${path === "" ? "<root>" : path}: ${message}${place.length === 0 ? "" : ` (${place.join(", ")})`}`;
}

/** `Invalid config at <file>:` and one line per issue. */
export function issueReport(file: Pick<ConfigFile, "path" | "issues">): string {
  return [`Invalid config at ${file.path}:`, ...file.issues.map(issueLine)].join("\n");
}

/** The fault that lists every issue of a file that is not valid. */
export function issueFault(file: ConfigFile): Fault {
  const make = {
    syntax: errors.CONFIG_SYNTAX,
    include: errors.CONFIG_INCLUDE,
    variable: errors.CONFIG_VARIABLE_MISSING,
    legacy: errors.CONFIG_LEGACY,
    schema: errors.CONFIG_INVALID,
    secret: errors.CONFIG_SECRET,
  }[file.problem ?? "schema"];
  const byHand = !file.issues.some((issue) => isUnknownKey(issue) && issue.file === undefined);
  return make({ report: issueReport(file), byHand }).with({ details: { path: file.path, issues: file.issues } });
}

/** The snapshot of a valid file. Throws `issueFault` otherwise. */
export function requireValid(file: ConfigFile): ConfigSnapshot {
  if (file.snapshot) return file.snapshot;
  throw issueFault(file);
}
