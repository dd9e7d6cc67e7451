import { record } from "../base/record.ts";
import type { CliContext } from "../contracts/cli.ts";
import { dashboardLink } from "./_cli-dashboard.ts";
import { numberOf } from "./_options.ts";
import { loggingOf, runGatewayHere } from "./_run-gateway.ts";

/** From nothing to a running gateway: set-up where there is none, the gateway in the foreground, and the link to open. */
export async function run(context: CliContext): Promise<number> {
  const { options, out, platform, use } = context;
  const { adoptModel, findModel, setUp } = await import("../features/setup/index.ts");
  const { readConfig, requireValid } = await import("../features/config/index.ts");
  const done = await setUp({ platform, detect: () => findModel({ platform, use }) });
  for (const path of done.created) out.line(`Created ${path}`);
  const adopted = done.created.includes(platform.paths.config) ? undefined : await adoptModel({ platform, use });
  if (adopted) out.line(`Wrote the model to ${platform.paths.config}`);
  const file = await readConfig(platform);
  if (file.problem === "syntax") requireValid(file);
  const port = numberOf(options, "port", { max: 65_535 });
  const model = done.model?.label ?? adopted?.label ?? modelOf(file.resolved);
  return runGatewayHere(context, loggingOf(file.resolved), {
    options: port === undefined ? {} : { port },
    onReady: ({ port: opened }) => {
      greet(context, { link: dashboardLink(platform.env, file.resolved, opened), model });
    },
  });
}

function greet(
  { out, options }: CliContext,
  { link, model }: { readonly link: string; readonly model: string | undefined },
): void {
  const { paint } = out;
  const command = options["fromCheckout"] === true ? "npx openclaw" : "openclaw";
  out.line();
  out.line(paint.bold("OpenClaw is running."));
  out.line();
  out.line(`  Open   ${paint.accent(link)}`);
  out.line(`  Model  ${model ?? "built-in offline model, which is no language model"}`);
  if (model === undefined)
    out.line(`         A real one: ${command} onboard, or set a key such as ANTHROPIC_API_KEY and start again`);
  out.line(`  Ask    ${command} agent --message "Hello"`);
  out.line(`  Stop   Ctrl-C`);
  out.line();
}

function modelOf(config: Readonly<Record<string, unknown>>): string | undefined {
  const model = record(record(config["agents"])["defaults"])["model"];
  const ref = typeof model === "string" ? model : record(model)["primary"];
  return typeof ref === "string" && ref !== "" ? ref : undefined;
}
