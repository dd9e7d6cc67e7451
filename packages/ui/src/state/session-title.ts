/** What a conversation is called. */
import type { SessionRow } from "openclaw/client";
import { t } from "../i18n/index.ts";

const LENGTH = 48;

/** The name a person gave it, else one derived from it. */
export function titleOf(row: SessionRow): string {
  const derived = row.isMain === true ? t("session.main") : (row.derivedTitle ?? row.subject ?? row.displayName);
  // What a helper was called says more than how its task begins.
  const given = row.label ?? (row.spawnedBy === undefined ? undefined : row.displayName);
  const name = given ?? derived ?? "";
  return name.trim() === "" ? t("session.untitled") : name;
}

export function hasName(row: SessionRow): boolean {
  const names = [row.label, row.derivedTitle, row.subject, row.displayName];
  return row.isMain === true || names.some((name) => name !== undefined && name.trim() !== "");
}

/** A name from the first message: its first line, cut after a word. */
export function nameFrom(text: string): string {
  const line = text.split("\n")[0]?.trim() ?? "";
  if (line.length <= LENGTH) return line;
  const cut = line.slice(0, LENGTH);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LENGTH / 2)).replace(/[\s,;:.]+$/, "")}…`;
}
