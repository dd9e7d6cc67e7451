/** Whether a file belongs to this user and nobody else can change or read it. */
import { dirname } from "node:path";
import { getuid } from "node:process";
import { accessOf, type Access } from "../../base/open.ts";

const STICKY = 0o1000;

/** What is wrong with who may get at a file; undefined when nothing is. `forbidden` are permission bits. */
export async function standingProblem(path: string, access: Access, forbidden: number): Promise<string | undefined> {
  const user = getuid?.();
  if (user === undefined) return undefined;
  if (access.owner !== user && access.owner !== 0) return `${path} belongs to another user`;
  if ((access.mode & forbidden) !== 0)
    return `others on this machine can get at ${path} (mode ${(access.mode & 0o777).toString(8).padStart(4, "0")})`;
  const folder = await accessOf(dirname(path));
  const isOpen = folder && (folder.mode & 0o022) !== 0 && (folder.mode & STICKY) === 0;
  return isOpen ? `others on this machine can replace ${path}: its folder is open to them` : undefined;
}
