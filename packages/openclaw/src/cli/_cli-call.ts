import { isRecord } from "../base/record.ts";
import type { CliContext } from "../contracts/cli.ts";
import { OWNER_SCOPES } from "../contracts/principal.ts";
import { errors } from "./errors.ts";
import { numberOf, textOf } from "./_options.ts";

/** Any method may be called, so the call asks for all of the owner's scopes. */
export async function run({ args, options, call, out }: CliContext): Promise<void> {
  const [method = ""] = args;
  const { parseStrict } = await import("../features/config/index.ts");
  const parsed = await parseStrict(textOf(options, "params") ?? "{}");
  if (!parsed || !isRecord(parsed.value))
    throw errors.CLI_USAGE({ problem: "--params must be a JSON object.", help: "openclaw gateway call --help" });
  out.json(
    await call(method, parsed.value, {
      scopes: OWNER_SCOPES,
      timeoutMs: numberOf(options, "timeout") ?? 10_000,
      final: options["expectFinal"] === true,
    }),
  );
}
