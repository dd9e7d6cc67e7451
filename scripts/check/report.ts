import type { Length, Shape } from "./shape.ts";

/** Prints the shape of the code for people. */
export function printShape({ files, functions, testLines, cycles, clones, deadExports }: Shape): void {
  const sourceLines = files.reduce((sum, { lines }) => sum + lines, 0);
  const long = functions.filter(({ lines }) => lines > 100).length;
  console.log(`
Shape of the code
  files            ${files.length}, ${sourceLines} lines; median ${quantile(files, 0.5)}, p95 ${quantile(files, 0.95)}, longest ${files[0]?.lines ?? 0}
  functions        ${functions.length}; median ${quantile(functions, 0.5)}, p95 ${quantile(functions, 0.95)}; over 100 lines ${long}
  tests            ${testLines} lines, ${(testLines / Math.max(1, sourceLines)).toFixed(2)} per line of source
  import cycles    ${cycles.length}
  clones           ${(clones * 100).toFixed(1)} %
  dead exports     ${deadExports.length}${deadExports.length > 0 ? `   ${deadExports.slice(0, 5).join(", ")}${deadExports.length > 5 ? ", …" : ""}` : ""}`);
  printTop("Ten largest files", files);
  printTop("Ten longest functions", functions);
}

function printTop(title: string, all: readonly Length[]): void {
  console.log(`\n${title}`);
  for (const { name, lines } of all.slice(0, 10)) console.log(`  ${String(lines).padStart(5)}  ${name}`);
}

/** `lengths` is sorted, longest first. */
function quantile(lengths: readonly Length[], share: number): number {
  return lengths.toReversed()[Math.min(lengths.length - 1, Math.floor(lengths.length * share))]?.lines ?? 0;
}
