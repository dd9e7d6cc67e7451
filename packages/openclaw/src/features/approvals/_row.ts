/** A question as it is shown and written down. */
import { redactCommand } from "../../base/redact.ts";
import { unveiled } from "../../base/text.ts";
import type { Approval, Question } from "./index.ts";

/** A command is shown whole or not asked about. */
export const MAX_COMMAND = 32_000;

/** Whether somebody could read all of what they allow. */
export function isReadable({ request }: Question): boolean {
  const { command, commandArgv = [] } = request;
  return command.length <= MAX_COMMAND && commandArgv.reduce((sum, word) => sum + word.length, 0) <= MAX_COMMAND;
}

/** What is shown holds no secret that stood in the command, and hides nothing that would be run. */
export function masked({ request }: Question): Approval["request"] {
  const { command, commandArgv } = request;
  return {
    ...request,
    command: shown(command),
    ...(commandArgv === undefined ? {} : { commandArgv: commandArgv.map(shown) }),
  };
}

function shown(text: string): string {
  return unveiled(redactCommand(text));
}

export function parseRow(value: string): Approval | undefined {
  try {
    const row = JSON.parse(value) as Partial<Approval> | null;
    return typeof row?.id === "string" && typeof row.request?.command === "string" ? (row as Approval) : undefined;
  } catch {
    return undefined;
  }
}
