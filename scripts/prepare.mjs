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
export function prepare(root) {
  return orExit(async () => {
    const node = await install(root);
    await build(root, node);
    return node;
  });
}

/**
 * The same without a build, for what runs the sources.
 * @param {string} root the checkout
 */
export function prepareSources(root) {
  return orExit(() => install(root));
}

/** @param {() => Promise<string>} work */
async function orExit(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.stderr.write(`${error.details ? `${error.details}\n\n` : ""}${error.message}\n`);
    process.exit(1);
  }
}
