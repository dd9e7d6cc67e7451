// @ts-check
import { relative, resolve } from "node:path";

/** The runner's own closing lines. */
const CLOSING = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

/**
 * A reporter for people and machines: one line per file, skipped tests with their reason, failures in full with what
 * the file printed, and the runner's closing lines as `# tests 12`.
 * @param {AsyncIterable<{ type: string, data: any }>} source
 */
export default async function* reporter(source) {
  /** @type {Map<string, string>} output by file, shown only when something in it fails */
  const printed = new Map();
  /** @type {{ file: string, text: string }[]} */
  const failures = [];
  let closing = "";
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr")
      printed.set(fileOf(data), (printed.get(fileOf(data)) ?? "") + data.message);
    else if (type === "test:pass" && data.skip !== undefined && data.skip !== false) yield skipped(data);
    else if (type === "test:fail" && !onlyInside(data)) failures.push({ file: fileOf(data), text: failure(data) });
    else if (type === "test:diagnostic" && data.nesting === 0 && CLOSING.test(data.message))
      closing += `# ${data.message}\n`;
    else if (type === "test:summary" && data.file !== undefined) yield fileLine(data);
  }
  for (const file of new Set(failures.map((each) => each.file))) {
    for (const each of failures) if (each.file === file) yield each.text;
    if (printed.has(file)) yield `\n  The file printed:\n${indent(printed.get(file) ?? "")}\n`;
  }
  yield `\n${closing}`;
}

/**
 * The absolute path of the test file an event belongs to.
 * @param {any} data
 */
function fileOf({ entryFile, file }) {
  return resolve(entryFile ?? file ?? "");
}

/** @param {any} data */
function fileLine({ file, counts, duration_ms: ms, success }) {
  return `${success ? "✓" : "✗"} ${short(file)}  ${counts.tests} tests, ${(ms / 1000).toFixed(1)} s\n`;
}

/**
 * A group that failed only because a test inside it did.
 * @param {any} data
 */
function onlyInside({ details }) {
  return details.error.failureType === "subtestsFailed";
}

/** @param {any} data */
function skipped({ name, skip }) {
  return `- skipped: ${name}${typeof skip === "string" ? ` (${skip})` : ""}\n`;
}

/** @param {any} data */
function failure({ name, file, line, details }) {
  const cause = details.error.cause ?? details.error;
  const text = String(cause.stack ?? cause.message ?? cause).replace(/\n\s+at .*\bnode:internal\b.*/g, "");
  return `\n✗ ${name}\n  ${short(file)}:${line}\n${indent(text)}\n`;
}

/** @param {string} file */
function short(file) {
  return relative(process.cwd(), file ?? "");
}

/** @param {string} text */
function indent(text) {
  return text.trimEnd().replace(/^/gm, "    ");
}
