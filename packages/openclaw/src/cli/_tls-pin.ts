/** The certificate that a gateway must have: the one that was named, or that of this machine's own gateway. */
import { fingerprintOf, ownCertificate } from "../base/certificate.ts";
import { readText } from "../base/files.ts";
import type { Platform } from "../contracts/service.ts";
import type { Target } from "./target.ts";

const MAX_BYTES = 1 << 20;

/** What `connect` needs for this target. */
export async function pinOf(target: Target, platform: Platform): Promise<{ readonly WebSocket?: typeof WebSocket }> {
  if (!target.url.startsWith("wss:")) return {};
  const fingerprint = target.tlsFingerprint ?? (target.local ? await ownFingerprint(target, platform) : undefined);
  const { pinnedWebSocket } = await import("../client/index.ts");
  return { WebSocket: await pinnedWebSocket(fingerprint) };
}

/** Only this user can write the file, so whoever serves it is this user's gateway. */
async function ownFingerprint({ certPath }: Target, { paths }: Platform): Promise<string | undefined> {
  const path = certPath?.replace(/^~(?=\/|$)/, paths.home) ?? ownCertificate(paths.state).cert;
  try {
    const pem = await readText(path, MAX_BYTES);
    return pem === undefined ? undefined : fingerprintOf(pem);
  } catch {
    return undefined;
  }
}
