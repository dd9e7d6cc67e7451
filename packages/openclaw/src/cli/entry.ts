/** The command `openclaw`. Version and root help are answered from light data alone; the rest is loaded for the command at hand. */
import product from "../../package.json" with { type: "json" };
import { processEnv } from "../base/env.ts";
import { cli } from "../generated/cli.ts";
import { finish, surviveClosedPipes } from "./exit.ts";
import { readGlobals } from "./globals.ts";
import { rootHelp } from "./help.ts";
import { buildTree } from "./tree.ts";

surviveClosedPipes();
const argv = process.argv.slice(2);
const { flags, rest } = readGlobals(argv);
const asksForHelp = flags.help || (rest[0] === "help" && rest.length === 1);

if (flags.version) process.stdout.write(`${product.version}\n`);
else if (asksForHelp && (rest.length === 0 || rest[0] === "help"))
  process.stdout.write(rootHelp(buildTree(cli), product.version));
else {
  const { main } = await import("./main.ts");
  finish(await main({ argv, commands: cli, version: product.version, env: processEnv() }));
}
