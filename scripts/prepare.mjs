// @ts-check
// What `npm start` and `npm test` do first. Needs Node 20 and nothing installed.
import { build } from "./prepare/build.mjs";
import { install } from "./prepare/install.mjs";
import { StepFailed } from "./prepare/step.mjs";

/**
 * Installs and builds what changed since the last time; quick when nothing did.
 * Ends the process with a sentence when that is not possible.
 * @param {string} root the checkout
 * @returns {Promise<string>} the Node to run OpenClaw with
 */
export async function prepare(root) {
  try {
    const node = await install(root);
    await build(root, node);
    return node;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.stderr.write(`${error.details ? `${error.details}\n\n` : ""}${error.message}\n`);
    process.exit(1);
  }
}
