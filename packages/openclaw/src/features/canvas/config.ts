/** `canvasHost`: pages that phones and other nodes show. */
import { closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { flag, maybeText, port } from "../../contracts/config-kinds.ts";

const canvasHostSection = defineConfig({
  path: "canvasHost",
  summary: "A folder of pages that nodes show, served to them with live reload.",
  reload: "restart",
  schema: closed({
    enabled: flag(true, "Serve the folder"),
    root: maybeText("Folder; absent means `canvas` in the workspace"),
    port: port(18_793, "Port, on the same addresses as the gateway"),
    liveReload: flag(true, "Reload pages when their files change; off also stops watching the folder"),
  }),
});

export const config = [canvasHostSection];
