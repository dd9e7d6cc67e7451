/** When answers are spoken in one place, without anything of speech being loaded. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { readPrefs } from "./prefs.ts";
import type { Ambient } from "./prefs.ts";
import { speechSettings } from "./settings.ts";
import type { AutoMode, Where } from "./settings.ts";

export async function speechMode(platform: Ambient, config: ConfigSnapshot, where: Where): Promise<AutoMode> {
  return speechSettings(config, await readPrefs(platform, config), where).auto;
}
