import type { Tokens } from "marked";

export type TableMode = "code" | "block" | "bullets" | "off";

/** A table as text. Where aligning would blow it up (one very wide cell), the rows become lists. */
export function tableText(
  table: Tokens.Table,
  mode: TableMode,
  cellText: (cell: Tokens.TableCell) => string,
): { text: string; code: boolean } {
  if (mode === "off") return { text: table.raw.trimEnd(), code: false };
  const rows = [table.header, ...table.rows].map((row) =>
    row.map((cell) => cellText(cell).replace(/\s+/g, " ").trim()),
  );
  if (mode !== "bullets") {
    const text = aligned(rows);
    if (text.length <= table.raw.length * 2 + 80) return { text, code: true };
  }
  return { text: bullets(rows), code: false };
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [header = [], ...body] = rows;
  return [line(header), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}

function bullets([header = [], ...body]: readonly (readonly string[])[]): string {
  const item = (row: readonly string[]) =>
    row.map((cell, column) => `• ${header[column] === "" ? "" : `${header[column]}: `}${cell}`).join("\n");
  return body.length === 0 ? header.join(" · ") : body.map(item).join("\n\n");
}
