/** Body of `qr`: a setup code for a phone, as a picture in the terminal. */
import { compact } from "../../base/text.ts";
import { formatDuration } from "../../base/time.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { qrText } from "./qr.ts";

interface SetupCode {
  readonly setupCode: string;
  readonly gatewayUrl: string;
  readonly auth: string;
  readonly urlSource: string;
  readonly expiresAtMs: number;
}

export async function showSetupCode({ call, options, out, global, platform }: CliContext): Promise<void> {
  // Whoever names the gateway by its address reaches it there, and so may a phone.
  const publicUrl = options["publicUrl"] ?? options["url"];
  const params = compact({ publicUrl, preferRemoteUrl: options["remote"] === true ? true : undefined });
  const code = (await call("device.pair.setupCode", params, { scopes: ["operator.admin"] })) as SetupCode;
  const { setupCode, gatewayUrl, auth, urlSource, expiresAtMs } = code;
  if (options["setupCodeOnly"] === true) return out.line(setupCode);
  if (global.json) return out.json({ setupCode, gatewayUrl, auth, urlSource });
  if (options["ascii"] !== false) {
    out.line(await qrText(setupCode));
    out.line();
  }
  const left = formatDuration(expiresAtMs - platform.clock.now());
  out.line(`Setup code: ${setupCode}`);
  out.line(`Gateway:    ${gatewayUrl} (from ${urlSource})`);
  out.line(`Scan it in the app within ${left}. It pairs one phone, once. Treat it like a password until then.`);
}
