/** Where a sub-agent works, and the files that come with its task. */
import { join } from "node:path";
import { errorText } from "../../base/errors.ts";
import { info } from "../../base/files.ts";
import { realPath, writeWithin } from "../../base/open.ts";
import { isInside, pathFrom } from "../../base/path.ts";
import { compact } from "../../base/text.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Agent, AgentsService } from "../agents/index.ts";
import { fileRoots } from "../policy/index.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Attached, Requester, SpawnAnswer, SpawnRequest } from "./index.ts";

type Refusal = Extract<SpawnAnswer, { error: string }>;

export interface Place {
  /** Absolute; absent = the workspace. */
  readonly cwd?: string;
  /** Absolute folder of the files. */
  readonly files?: string;
}

interface PlaceDeps {
  readonly platform: Pick<Platform, "paths">;
  readonly config: { current(): ConfigSnapshot };
  readonly agents: Pick<AgentsService, "prepareWorkspace">;
}

export async function placeOf(
  deps: PlaceDeps,
  request: SpawnRequest,
  by: Requester,
  { agent, id }: { readonly agent: Agent; readonly id: string },
): Promise<Place | Refusal> {
  const cwd = request.cwd === undefined ? undefined : await folderOf(deps, request.cwd, by, agent);
  if (typeof cwd === "object") return cwd;
  const files = await filesOf(deps, request.attachments ?? [], agent, id);
  if (typeof files === "object") return files;
  return compact({ cwd, files });
}

async function folderOf(deps: PlaceDeps, written: string, by: Requester, agent: Agent): Promise<string | Refusal> {
  const path = pathFrom(agent.workspace, written, deps.platform.paths.home);
  const roots =
    by.principal.role === "guest" ? [agent.workspace] : fileRoots(deps.config.current(), agent.id, agent.workspace);
  const real = await realPath(path).catch(() => path);
  const insideAll = await Promise.all(roots.map(async (root) => isInside(await realPath(root), real)));
  if (insideAll.length > 0 && !insideAll.some(Boolean))
    return { status: "forbidden", error: `cwd must be inside the workspace ${agent.workspace}.` };
  if ((await info(real))?.isDirectory !== true) return { status: "error", error: `cwd is not a folder: ${path}` };
  return real;
}

interface AttachmentLimits {
  readonly enabled: boolean;
  readonly maxTotalBytes: number;
  readonly maxFiles: number;
  readonly maxFileBytes: number;
}

const LIMITS: AttachmentLimits = { enabled: false, maxTotalBytes: 5_242_880, maxFiles: 50, maxFileBytes: 1_048_576 };

/** Writes the files into the workspace of the child; undefined when there are none. */
async function filesOf(
  deps: PlaceDeps,
  attachments: readonly Attached[],
  agent: Agent,
  id: string,
): Promise<string | Refusal | undefined> {
  if (attachments.length === 0) return undefined;
  const config = deps.config.current();
  const limits = { ...LIMITS, ...(config.at("tools.sessions_spawn.attachments") as Partial<AttachmentLimits>) };
  if (!limits.enabled)
    return { status: "forbidden", error: "Attachments are off (tools.sessions_spawn.attachments.enabled)." };
  const files = attachments.map(({ name, content, encoding }) => ({ name, data: bytesOf(content, encoding) }));
  const problem = problemOf(files, limits);
  if (problem !== undefined) return { status: "error", error: problem };
  await deps.agents.prepareWorkspace(agent, config);
  const folder = join(agent.workspace, ".openclaw", "attachments", id);
  try {
    for (const { name, data } of files)
      await writeWithin({ root: agent.workspace, path: join(folder, name), data: data ?? Buffer.alloc(0) });
  } catch (error) {
    return { status: "error", error: `The attachments could not be written: ${errorText(error)}` };
  }
  return folder;
}

function bytesOf(content: string, encoding: Attached["encoding"]): Buffer | undefined {
  if (encoding !== "base64") return Buffer.from(content, "utf8");
  return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content) ? Buffer.from(content, "base64") : undefined;
}

function problemOf(
  files: readonly { readonly name: string; readonly data: Buffer | undefined }[],
  limits: AttachmentLimits,
): string | undefined {
  if (files.length > limits.maxFiles) return `At most ${limits.maxFiles} attachments may be given.`;
  const seen = new Set<string>();
  let total = 0;
  for (const { name, data } of files) {
    if (!/^[^/\\\p{Cc}]{1,200}$/u.test(name) || name.startsWith(".")) return `"${name}" is no name for an attachment.`;
    if (seen.has(name.toLowerCase())) return `Two attachments are called "${name}".`;
    seen.add(name.toLowerCase());
    if (!data) return `The attachment "${name}" is no valid base64.`;
    if (data.length > limits.maxFileBytes)
      return `The attachment "${name}" is larger than ${limits.maxFileBytes} bytes.`;
    total += data.length;
  }
  return total > limits.maxTotalBytes
    ? `The attachments are larger than ${limits.maxTotalBytes} bytes together.`
    : undefined;
}
