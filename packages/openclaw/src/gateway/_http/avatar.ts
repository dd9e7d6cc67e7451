/** `<base>/avatar/{agentId}`: the picture that an agent keeps in its workspace. */
import { extname } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Fault } from "../../base/errors.ts";
import { readWithin } from "../../base/open.ts";
import { pathFrom } from "../../base/path.ts";
import { send, sendJson } from "../../base/reply.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import { Agents, type Agent } from "../../features/agents/index.ts";
import { notFound } from "./reply.ts";

const MAX_BYTES = 2 * 1024 * 1024;
const TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};

/** The agent whose picture is asked for; undefined for any other path. */
export function avatarOf(pathname: string, basePath: string): string | undefined {
  const prefix = `${basePath}/avatar/`;
  const id = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : "";
  return /^[a-z0-9_-]{1,64}$/i.test(id) ? id : undefined;
}

export async function answerAvatar(
  request: IncomingMessage,
  response: ServerResponse,
  of: {
    readonly id: string;
    readonly meta: boolean;
    readonly basePath: string;
    readonly use: Use;
    readonly platform: Platform;
  },
): Promise<void> {
  const agents = await of.use(Agents);
  const configured = agents.get(of.id);
  const agent = configured && { ...configured, identity: await agents.identity(configured) };
  const found = agent === undefined ? undefined : await load(agent, of.platform.paths.home);
  if (of.meta) return sendJson(response, 200, described(agent, found, `${of.basePath}/avatar/${of.id}`), "no-cache");
  if (found?.bytes === undefined) return notFound(response);
  // A picture that is a document may hold scripts; on its own it runs none.
  response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.setHeader("Cache-Control", "no-cache");
  send(response, 200, found.type, found.bytes);
}

interface Picture {
  readonly type: string;
  readonly bytes?: Buffer;
  /** Why there are no bytes. */
  readonly reason?: string;
}

/** Undefined for an agent without a picture of its own: none, an emoji, or one that lies elsewhere. */
async function load(agent: Agent, home: string): Promise<Picture | undefined> {
  const { avatar } = agent.identity;
  const type = TYPES[extname(avatar ?? "").toLowerCase()];
  if (avatar === undefined || type === undefined || isAddress(avatar)) return undefined;
  try {
    const path = pathFrom(agent.workspace, avatar, home);
    return { type, bytes: await readWithin({ root: agent.workspace, path, maxBytes: MAX_BYTES }) };
  } catch (error) {
    return { type, reason: error instanceof Fault ? error.code.toLowerCase() : "unreadable" };
  }
}

function described(agent: Agent | undefined, found: Picture | undefined, url: string) {
  const source = agent?.identity.avatar ?? null;
  const nothing = { avatarUrl: null, avatarSource: source, avatarStatus: null, avatarReason: null };
  if (source === null) return nothing;
  if (isAddress(source)) return { ...nothing, avatarUrl: source, avatarStatus: "remote" };
  if (found === undefined) return nothing;
  if (found.bytes === undefined) return { ...nothing, avatarStatus: "none", avatarReason: found.reason ?? null };
  return { ...nothing, avatarUrl: url, avatarStatus: "local" };
}

function isAddress(avatar: string): boolean {
  return /^(?:https?|data):/i.test(avatar);
}
