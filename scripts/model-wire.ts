/**
 * What each part of a conversation is on the wire: `node --conditions=openclaw-source scripts/model-wire.ts [--write]`
 * prints the page, or writes it where the test compares it.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PAGE, modelWirePage } from "../test/conformance/modelWire.ts";

const page = await modelWirePage();
if (process.argv.includes("--write")) await writeFile(fileURLToPath(new URL(`../${PAGE}`, import.meta.url)), page);
else process.stdout.write(page);
