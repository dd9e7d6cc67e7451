/** Sentences about commands. */
import { firstLine, shortened } from "../../base/text.ts";
import { formatDuration } from "../../base/time.ts";
import type { RunningProcess } from "./index.ts";

/** The end of a text from a line's beginning where possible, and whether something was left out. */
export function tail(text: string, max: number): { readonly text: string; readonly cut: boolean } {
  if (text.length <= max) return { text, cut: false };
  const end = text.slice(text.length - max);
  const line = end.indexOf("\n");
  const start = line >= 0 && line < max / 2 ? line + 1 : isLowSurrogate(end.charCodeAt(0)) ? 1 : 0;
  return { text: end.slice(start), cut: true };
}

/** `(exit code 2)`, `(ended: timeout after 5 s)`; nothing for a command that ended well or still runs. */
export function describeEnd({ status, exitCode, reason }: RunningProcess): string {
  if (status === "running" || status === "completed") return "";
  if (reason !== undefined) return `(ended: ${reason})`;
  return `(exit code ${exitCode ?? "unknown"})`;
}

/** `a1b2c3  running  12 s  npm test` */
export function describeRow(command: RunningProcess, now: number): string {
  const runtime = formatDuration((command.endedAt ?? now) - command.startedAt);
  const end =
    command.status === "failed" && command.exitCode !== undefined ? `failed (${command.exitCode})` : command.status;
  return [command.id, end, runtime, nameOf(command.command)].join("  ");
}

/** The first line of a command, shortened. */
export function nameOf(command: string): string {
  return shortened(firstLine(command), 80);
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
