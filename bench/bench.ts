/** Runs the cases named on the command line, or all, and prints their figures beside the budgets. */
import budgets from "./budgets.json" with { type: "json" };
import { cases, floor } from "./_cases.ts";
import type { Figures } from "./_cases.ts";

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in cases));
if (unknown !== undefined) {
  console.error(`There is no case "${unknown}". Cases: ${Object.keys(cases).join(", ")}.`);
  process.exit(1);
}

console.log(`node -e 0: ${floor().toFixed(0)} ms; Node ${process.version}\n`);
const figures: Figures = {};
for (const [name, measure] of Object.entries(cases)) {
  if (wanted.length === 0 || wanted.includes(name)) Object.assign(figures, await measure());
}

console.log("| Measure | Now | First release | Goal | |\n|---|---|---|---|---|");
for (const { key, label, unit, goal, firstRelease, more } of budgets.budgets) {
  const now = figures[key];
  if (now === undefined) continue;
  const sign = more === true ? "≥" : "≤";
  const within = (limit: number) => (more === true ? now >= limit : now <= limit);
  const verdict = within(goal) ? "goal met" : within(firstRelease) ? "within" : "over";
  console.log(
    `| ${label} | ${now < 10 ? now.toFixed(1) : now.toFixed(0)} ${unit} | ${sign} ${firstRelease} | ${sign} ${goal} | ${verdict} |`,
  );
}
