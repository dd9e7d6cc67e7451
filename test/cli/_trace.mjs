// Prints the address of every module that is loaded, on stderr at the end. Given to Node with --import.
import { registerHooks } from "node:module";

const seen = [];
registerHooks({
  load(url, context, next) {
    seen.push(url);
    return next(url, context);
  },
});
process.on("exit", () => process.stderr.write(seen.map((url) => `loaded ${url}\n`).join("")));
