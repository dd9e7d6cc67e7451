import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { seconds } from "../prepare/step.mjs";

interface Step {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  /** What to do when it fails. */
  readonly remedy: string;
}

const STEPS: readonly Step[] = [
  { name: "format", args: ["node_modules/oxfmt/bin/oxfmt", "--check"], remedy: "npm run fmt" },
  { name: "types", args: ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"], remedy: "npm run typecheck" },
  {
    name: "types (ui)",
    args: ["node_modules/typescript/bin/tsc", "-p", "packages/ui/tsconfig.json"],
    remedy: "npm run typecheck",
  },
  {
    name: "lint",
    args: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--quiet", "-f", "unix"],
    remedy: "npx oxlint --type-aware --fix",
  },
  { name: "choke points", args: ["scripts/lint.ts"], remedy: "scripts/lint/table.ts says where each belongs" },
  { name: "boundaries", args: ["scripts/boundaries.ts"], remedy: "scripts/boundaries/table.ts holds the architecture" },
  { name: "generated", args: ["--conditions=openclaw-source", "scripts/gen.ts", "--check"], remedy: "npm run gen" },
];

interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
  readonly ms: number;
  readonly output: string;
}

/** Runs all steps, two at a time, and prints what failed and a table. Answers whether all passed. */
export async function runSteps(root: string): Promise<boolean> {
  const waiting = [...STEPS];
  const outcomes = new Map<Step, Outcome>();
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) outcomes.set(step, await run(root, step));
  };
  await Promise.all([worker(), worker()]);

  const all = STEPS.flatMap((step) => outcomes.get(step) ?? []);
  for (const { step, passed, output } of all) if (!passed) console.log(`── ${step.name}\n${output.trimEnd()}\n`);
  for (const { step, passed, ms } of all) {
    console.log(
      `${passed ? "✓" : "✗"} ${step.name.padEnd(14)} ${seconds(ms).padStart(6)}${passed ? "" : `   ${step.remedy}`}`,
    );
  }
  return all.every(({ passed }) => passed);
}

function run(root: string, step: Step): Promise<Outcome> {
  const began = performance.now();
  const [first = "", ...rest] = step.args;
  const args = [first.startsWith("--") ? first : join(root, first), ...rest];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("close", (code) =>
      resolve({ step, passed: code === 0, ms: performance.now() - began, output: stripVTControlCharacters(output) }),
    );
  });
}
