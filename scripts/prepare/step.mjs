// @ts-check
import { spawn } from "node:child_process";

/** A step of the preparation that failed, told in one sentence with what to do; `details` is the tail of its output. */
export class StepFailed extends Error {
  /**
   * @param {string} sentence
   * @param {string} details
   */
  constructor(sentence, details) {
    super(sentence);
    this.details = details;
  }
}

/**
 * Runs a program silently and reports one line: what is being done, then how long it took.
 * Throws `StepFailed` with `remedy` when it cannot start or exits with anything but 0.
 * @param {{ title: string, command: string, args: string[], cwd: string, remedy: string }} options
 */
export async function step({ title, command, args, cwd, remedy }) {
  const began = performance.now();
  process.stderr.write(`${title} … `);
  const { code, output } = await run(command, args, { cwd, env: { ...process.env, NO_COLOR: "1" } });
  process.stderr.write(`${code === 0 ? "" : "failed after "}${seconds(performance.now() - began)}\n`);
  if (code !== 0) throw new StepFailed(remedy, ends(output));
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ code: null, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/**
 * The first and last lines of a long output: causes stand at either end.
 * @param {string} output
 */
function ends(output) {
  const lines = output.trimEnd().split("\n");
  return (lines.length <= 40 ? lines : [...lines.slice(0, 15), "  …", ...lines.slice(-25)]).join("\n");
}
