/**
 * Who may call what, as a table: `node --conditions=openclaw-source scripts/authorization.ts [--write]` calls every
 * method of a gateway from outside and prints the table, or writes it where the test compares it.
 */
import { writeFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { RECORDING, authorizationTable } from "../test/gateway/_authorization.ts";
import { wholeGateway } from "../test/gateway/_whole.ts";

const endings: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => void endings.push(end) };
const { port } = await wholeGateway(context as unknown as TestContext);
const table = await authorizationTable(`ws://127.0.0.1:${port}`);
if (process.argv.includes("--write")) await writeFile(RECORDING, table);
else process.stdout.write(table);
for (const end of endings) await end();
