import { readRegular } from "../base/files.ts";
import { systemCode } from "../base/errors.ts";
import { ChannelError } from "../contracts/channel.ts";

/**
 * The secret in a file: a regular file, not reached through a link, at most 4 KiB; white space around it
 * does not count. Throws a `ChannelError` of kind `auth`.
 */
export async function readTokenFile(path: string): Promise<string> {
  const refuse = (why: string, cause?: unknown) =>
    new ChannelError({ kind: "auth", message: `The token file ${path} ${why}.`, cause });
  const text = await readRegular(path, 4096).catch((error: unknown) => {
    throw refuse(
      systemCode(error) === "ELOOP"
        ? "is a symbolic link; name the file itself"
        : `cannot be read (${error instanceof Error ? error.message : String(error)})`,
      error,
    );
  });
  if (text === undefined) throw refuse("does not exist");
  const token = text.trim();
  if (token === "") throw refuse("is empty");
  return token;
}
