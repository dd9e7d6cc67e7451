/** `crestodian`: help with a gateway whose configuration does not work. */
import { closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { flag, flagOrAuto, part } from "../../contracts/config-kinds.ts";

const crestodianSection = defineConfig({
  path: "crestodian",
  summary: "The helper that repairs a gateway whose configuration does not work.",
  reload: "restart",
  schema: closed({
    rescue: part(
      {
        enabled: flagOrAuto("Let owners ask for it in chats; `auto` where they may run commands anyway"),
        ownerDmOnly: flag(true, "In direct chats only"),
      },
      "Help by chat",
    ),
  }),
});

export const config = [crestodianSection];
