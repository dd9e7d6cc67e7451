import { record } from "../base/record.ts";
import { childEnv } from "../base/env.ts";
import type { CliContext } from "../contracts/cli.ts";
import { runningPort } from "./_running.ts";
import { portOf } from "./target.ts";

/** The token stands behind `#`, which browsers do not send over the network. */
export async function run({ config, platform, options, out }: CliContext): Promise<void> {
  const { root } = await config();
  const port = (await runningPort(platform)) ?? portOf(platform.env, root);
  const link = dashboardLink(platform.env, root, port);
  out.line(link);
  if (isReference(record(record(root["gateway"])["auth"])["token"]) && !platform.env["OPENCLAW_GATEWAY_TOKEN"])
    out.note("The token is kept elsewhere and not put into the link: enter it in the page.");
  if (options["open"] === false || !out.tty) return;
  if (isHeadless(platform.env)) {
    out.note(
      `There is no display here. From your own machine: ssh -N -L ${port}:127.0.0.1:${port} ${platform.env["USER"] ?? "user"}@host`,
    );
  } else if (!(await openBrowser(platform, link))) out.note("No browser could be opened; open the link yourself.");
}

function isReference(token: unknown): boolean {
  return token !== null && typeof token === "object";
}

export function dashboardLink(
  env: CliContext["platform"]["env"],
  root: Readonly<Record<string, unknown>>,
  port: number,
): string {
  const gateway = record(root["gateway"]);
  const scheme = record(gateway["tls"])["enabled"] === true ? "https" : "http";
  const base = String(record(gateway["controlUi"])["basePath"] ?? "/")
    .replace(/^\/*/, "/")
    .replace(/\/*$/, "/");
  const token = env["OPENCLAW_GATEWAY_TOKEN"] || record(gateway["auth"])["token"];
  const fragment = typeof token === "string" && token !== "" ? `#token=${encodeURIComponent(token)}` : "";
  return `${scheme}://127.0.0.1:${port}${base}${fragment}`;
}

function isHeadless(env: CliContext["platform"]["env"]): boolean {
  return (
    env["SSH_CONNECTION"] !== undefined || (process.platform === "linux" && !env["DISPLAY"] && !env["WAYLAND_DISPLAY"])
  );
}

async function openBrowser({ spawn, env, paths }: CliContext["platform"], link: string): Promise<boolean> {
  const argv: Readonly<Record<string, readonly [string, ...string[]]>> = {
    darwin: ["open", link],
    win32: ["rundll32", "url.dll,FileProtocolHandler", link],
  };
  const display = Object.fromEntries(
    ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"].flatMap((name) =>
      env[name] ? [[name, env[name]]] : [],
    ),
  );
  try {
    const child = await spawn({
      argv: argv[process.platform] ?? ["xdg-open", link],
      cwd: paths.home,
      env: childEnv(env, display),
    });
    return (await child.exit).code === 0;
  } catch {
    return false;
  }
}
