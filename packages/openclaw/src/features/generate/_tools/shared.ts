/** What the three tools have in common. */
import { join } from "node:path";
import { shortened } from "../../../base/text.ts";
import type { Principal } from "../../../contracts/principal.ts";
import { text } from "../../../contracts/tool.ts";
import type { Preview, ToolContext, ToolResult } from "../../../contracts/tool.ts";
import { previewOf } from "../../media/index.ts";
import { Config } from "../../config/index.ts";
import { errors } from "../errors.ts";
import { Generate } from "../index.ts";
import type { Kind, TaskView } from "../index.ts";

const MAX_SHOWN = 200;

export interface Common {
  readonly action?: "generate" | "list" | "status";
  readonly prompt?: string;
  readonly model?: string;
}

/** What a call would do, for the gate: what is paid for, and which files leave this machine for it. */
export async function preview(
  kind: Kind,
  { action = "generate", prompt = "", model }: Common,
  files: readonly string[],
  context: ToolContext,
): Promise<Preview> {
  if (action !== "generate") return { target: `${kind}: ${action}`, exact: { action } };
  if (prompt.trim() === "") throw errors.GENERATE_NO_PROMPT();
  const { exact } = files.length === 0 ? { exact: {} } : await previewOf(files, context, "files");
  return {
    target: shortened(prompt, MAX_SHOWN),
    exact: { prompt, ...(model === undefined ? {} : { model }), ...exact },
  };
}

export async function listed(kind: Kind, { agentId, use }: ToolContext): Promise<ToolResult> {
  const config = (await use(Config)).current();
  const providers = await (await use(Generate)).providers(kind, config, agentId);
  const lines = providers.map(
    ({ id, label, configured, models }) => `${id} (${label}): ${configured ? "ready" : "no key"}; ${models.join(", ")}`,
  );
  return text(lines.join("\n"), { providers });
}

export async function stateOf(kind: Kind, { sessionKey, use }: ToolContext): Promise<ToolResult> {
  const task = await (await use(Generate)).status(sessionKey, kind);
  if (!task) return text(`Nothing of this kind was started in this session.`, { task: null });
  return text(taskLine(task), { task });
}

export function taskLine({ kind, status, taskId, error, media, provider, model }: TaskView): string {
  const who = provider === undefined ? "" : ` by ${provider}${model === undefined ? "" : `/${model}`}`;
  const made = media.length === 0 ? "" : `\n${media.map((one) => `MEDIA:${one}`).join("\n")}`;
  return `Task ${taskId} (${kind}${who}): ${status}${error === undefined ? "" : `: ${error}`}${made}`;
}

/** Guests are sent files of the workspace only: what is made for them lies there. */
export function placeFor({ principal, workspace }: ToolContext): { readonly folder?: string } {
  return isGuest(principal) ? { folder: join(workspace, "media", "generated") } : {};
}

/** Whoever is behind it. */
function isGuest(principal: Principal | undefined): boolean {
  return principal !== undefined && (principal.role === "guest" || isGuest(principal.parent));
}
