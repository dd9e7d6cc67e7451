/** `nodeHost`: what this machine offers when it is a node of another gateway. */
import { closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { flag, part, words } from "../../contracts/config-kinds.ts";

const nodeHostSection = defineConfig({
  path: "nodeHost",
  summary: "What this machine offers as a node of a gateway elsewhere.",
  reload: "restart",
  schema: closed({
    browserProxy: part(
      {
        enabled: flag(true, "Offer the browser of this machine"),
        allowProfiles: words(
          [],
          "Browser profiles that may be used; empty means all, otherwise none may be made or deleted",
        ),
      },
      "The browser of this machine",
    ),
  }),
});

export const config = [nodeHostSection];
