/** Files that people send: asked for by id, then fetched from the file server of the same host. */
import { ChannelError, type Download, type Fetch } from "openclaw/sdk";
import type { BotApi } from "./_api.ts";
import { toChannelError } from "./_errors.ts";

export interface DownloadContext {
  readonly api: BotApi;
  readonly token: string;
  readonly apiRoot: string;
  readonly callTimeoutMs: number;
  readonly fetch: Fetch;
}

/** The address of a file holds the token: it never gets into an error. */
export async function download(
  { api, token, apiRoot, callTimeoutMs, fetch }: DownloadContext,
  fileId: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Download> {
  let response: Response;
  try {
    const { file_path: path } = await api.getFile({ file_id: fileId }, signal as never);
    if (path === undefined) throw new ChannelError({ kind: "not_found", message: "Telegram has the file no longer." });
    const address = `${apiRoot}/file/bot${token}/${path.split("/").map(encodeURIComponent).join("/")}`;
    response = await fetch(address, {
      signal,
      maxBytes: maxBytes + 1,
      connectTimeoutMs: callTimeoutMs,
      egress: { origin: new URL(apiRoot).origin },
    });
  } catch (error) {
    throw toChannelError(error, "getFile", token);
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    const kind = response.status >= 500 ? "network" : "not_found";
    throw new ChannelError({ kind, message: `The file server answered ${response.status}.` });
  }
  const mimeType = response.headers.get("content-type");
  return { body: response.body as unknown as AsyncIterable<Uint8Array>, ...(mimeType === null ? {} : { mimeType }) };
}
