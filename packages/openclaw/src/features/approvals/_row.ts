/** A question as it is shown and written down. */
import { redact } from "../../base/redact.ts";
import { cut } from "../../base/text.ts";
import type { Approval, Question } from "./index.ts";

/** What is shown never holds a secret that stood in the command. */
export function masked({ request }: Question): Approval["request"] {
  const { command, commandArgv } = request;
  return {
    ...request,
    command: cut(redact(command), 8000),
    ...(commandArgv === undefined ? {} : { commandArgv: commandArgv.map((word) => cut(redact(word), 4000)) }),
  };
}

export function parseRow(value: string): Approval | undefined {
  try {
    const row = JSON.parse(value) as Partial<Approval> | null;
    return typeof row?.id === "string" && typeof row.request?.command === "string" ? (row as Approval) : undefined;
  } catch {
    return undefined;
  }
}
