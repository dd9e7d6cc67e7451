/**
 * Body of `doctor`:
 *
 * 1. with `--fix`, what the checks can mend is mended
 * 2. the configuration is read as it stands now
 * 3. every check looks; those that need a valid configuration only where there is one
 */
import { Fault, errorText } from "../base/errors.ts";
import { Scope } from "../base/scope.ts";
import type { Check, CheckContext, Finding } from "../contracts/check.ts";
import type { CliContext, CliOut } from "../contracts/cli.ts";
import type { Platform } from "../contracts/service.ts";
import type { ConfigFile } from "../features/config/index.ts";

/** Exit code 1 only when the configuration is invalid at the end. */
export async function run(context: CliContext): Promise<number> {
  const { platform, options, out, call } = context;
  if (options["generateGatewayToken"] === true) {
    const { generateGatewayToken } = await import("./_gateway-token.ts");
    await generateGatewayToken(context);
  }
  const { checks } = await import("../generated/checks.ts");
  const all = checks.filter(({ kind }) => kind === "doctor").toSorted((a, b) => rank(a) - rank(b));
  const wantsFix = ["fix", "repair", "yes"].some((flag) => options[flag] === true);
  const findings: Finding[] = [];
  if (wantsFix) {
    findings.push(...(await within(platform, call, (context) => each(all, (check) => mend(check, context, out)))));
  }
  const file = await configFile(platform);
  if (file && isRemote(file)) out.note("gateway.mode is remote: the state that counts is on the gateway's machine.");
  const due = all.filter(({ needsConfig }) => file?.valid === true || needsConfig !== true);
  const now = { ...platform, env: { ...platform.env, ...file?.env } };
  findings.push(...(await within(now, call, (context) => each(due, (check) => look(check, context)))));

  for (const finding of distinct(findings)) print(finding, out);
  if (due.length < all.length) out.line(`${all.length - due.length} more to look at when the configuration is valid.`);
  out.line("Doctor complete.");
  return file?.valid === true ? 0 : 1;
}

/** What stopped a repair often stops the look afterwards as well. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()];
}

function rank({ needsConfig }: Check): number {
  return needsConfig === true ? 1 : 0;
}

/** One after the other: each may change what the next one sees. */
async function each(checks: readonly Check[], work: (check: Check) => Promise<readonly Finding[]>) {
  const found: Finding[] = [];
  for (const check of checks) found.push(...(await work(check)));
  return found;
}

/** Services of their own: what was read before a repair must not be read after it. */
async function within<T>(
  platform: Platform,
  call: CliContext["call"],
  work: (context: CheckContext) => Promise<T>,
): Promise<T> {
  const { compose } = await import("../app/index.ts");
  const scope = new Scope(platform.clock, "doctor");
  try {
    return await work({ platform, call, use: compose(platform, scope) });
  } finally {
    await scope.close();
  }
}

async function mend(check: Check, context: CheckContext, out: CliOut): Promise<readonly Finding[]> {
  try {
    for (const line of (await check.fix?.(context)) ?? []) out.line(line);
    return [];
  } catch (error) {
    return [failed(error)];
  }
}

async function look(check: Check, context: CheckContext): Promise<readonly Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    return [failed(error)];
  }
}

function failed(error: unknown): Finding {
  return { level: "error", message: errorText(error), ...(error instanceof Fault ? { remedy: error.remedy } : {}) };
}

/** Undefined when it cannot be read; the check of the configuration says why. */
async function configFile(platform: Platform): Promise<ConfigFile | undefined> {
  const [{ loadConfig }, { allSections }] = await Promise.all([
    import("../features/config/index.ts"),
    import("./context.ts"),
  ]);
  return loadConfig({ platform, sections: await allSections() }).catch(() => undefined);
}

function isRemote({ resolved }: ConfigFile): boolean {
  const gateway = resolved["gateway"];
  return typeof gateway === "object" && gateway !== null && "mode" in gateway && gateway.mode === "remote";
}

const COLOURS = { ok: "success", info: "dim", warn: "warn", error: "error" } as const;

function print({ level, message, remedy }: Finding, out: CliOut): void {
  out.line(`${out.paint[COLOURS[level]](level.padEnd(5))} ${message}`);
  if (remedy !== undefined && remedy !== "") out.line(`      ${out.named(remedy)}`);
}
