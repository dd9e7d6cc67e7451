/**
 * `npm run check`: everything that can be known without running the product, then the shape of the code.
 * Exits 1 when a step fails. `--fast` leaves out the shape.
 */
import { fileURLToPath } from "node:url";
import { printShape } from "./check/report.ts";
import { measure } from "./check/shape.ts";
import { runSteps } from "./check/steps.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const passed = await runSteps(root);
if (!process.argv.includes("--fast")) printShape(measure(root));
if (!passed) process.exitCode = 1;
