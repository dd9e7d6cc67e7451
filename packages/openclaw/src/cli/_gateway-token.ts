/** `doctor --generate-gateway-token`. */
import { isRecord, record } from "../base/record.ts";
import { secretToken } from "../base/ids.ts";
import type { CliContext } from "../contracts/cli.ts";
import { allSections } from "./context.ts";
import { errors } from "./errors.ts";

/** Writes a new token, also over an old one; a token that is kept elsewhere is left to its keeper. */
export async function generateGatewayToken({ platform, out }: CliContext): Promise<void> {
  const { editConfig, readConfig } = await import("../features/config/index.ts");
  const { parsed } = await readConfig(platform);
  const auth = record(record(record(parsed)["gateway"])["auth"]);
  if (isRecord(auth["token"])) throw errors.CLI_TOKEN_ELSEWHERE();
  const request = { path: "gateway.auth.token", value: secretToken(platform.random) };
  await editConfig({ platform, sections: await allSections() }, [request]);
  out.line("Wrote a new token to gateway.auth.token. Restart the gateway to apply.");
  if (platform.env["OPENCLAW_GATEWAY_TOKEN"])
    out.note("OPENCLAW_GATEWAY_TOKEN is set in the environment and wins over it.");
}
