/** `hooks.path` and everything below it. Callers prove themselves with the hook token. */
import { defineRoute } from "../../contracts/route.ts";
import { hooksSection } from "./config.ts";
import { Hooks } from "./index.ts";
import { basePath } from "./_path.ts";

export const routes = [
  defineRoute({
    methods: ["POST"],
    paths: (config) => {
      const base = basePath(config.section(hooksSection).path);
      return [base, `${base}/`];
    },
    on: (config) => config.section(hooksSection).enabled,
    auth: "own",
    summary: "Wakes the main session (`wake`), starts a run (`agent`), or does what a mapping says.",
    bodyLimit: (config) => config.section(hooksSection).maxBodyBytes,
    errors: "sentence",
    run: async (call) => (await call.use(Hooks)).serve(call),
  }),
];
