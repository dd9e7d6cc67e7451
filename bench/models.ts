/**
 * What a dialect costs beside its stream: `node --conditions=openclaw-source bench/models.ts [dialect …]`. Prints, for
 * every protocol, the CPU per 1,000 streamed tokens against reading the same bytes, the delay of the first token, and
 * what the request of a long conversation takes when only its last message is new.
 */
import budgets from "./budgets.json" with { type: "json" };
import { measureDialect } from "./_dialects.ts";
import { WIRES } from "../test/fakes/_wires.ts";
import type { WireApi } from "../test/fakes/model-server.ts";

const wanted = process.argv.slice(2);
const apis = (Object.keys(WIRES) as WireApi[]).filter((api) => wanted.length === 0 || wanted.includes(api));
const limitOf = (key: string) => budgets.budgets.find((budget) => budget.key === key)?.goal ?? Number.NaN;
const cpuLimit = limitOf("dialectCpuMs");
const delayLimit = limitOf("dialectFirstMs");

console.log("| Dialect | CPU per 1,000 tokens | of it reading | added | First token later | 400 messages again | |");
console.log("|---|---|---|---|---|---|---|");
for (const api of apis) {
  const { cpuMs, rawMs, firstMs, longMs } = await measureDialect(api);
  const added = cpuMs - rawMs;
  const verdict = added <= cpuLimit && firstMs <= delayLimit ? "goal met" : "over";
  const cells = [cpuMs, rawMs, added, firstMs, longMs].map((ms) => `${ms.toFixed(2)} ms`);
  console.log(`| ${api} | ${cells.join(" | ")} | ${verdict} |`);
}
