/** Whether a Control UI was loaded before the gateway was updated. */
import type { Arrival } from "./arrival.ts";
import { normalOrigin } from "../_auth/origin.ts";

/** Build id of the page that is served now; undefined when none is. */
export type PageBuild = () => Promise<string | undefined>;

/** The build to reload to, when the page is one of ours and another than this. */
export async function pageIsOutdated(
  client: { readonly id: string; readonly buildId?: string | undefined },
  { origin, host }: Arrival,
  current: PageBuild,
): Promise<string | undefined> {
  if (client.id !== "openclaw-control-ui" || client.buildId === undefined) return undefined;
  const own = normalOrigin(origin);
  if (own === undefined || new URL(own).host !== host?.toLowerCase()) return undefined;
  const build = await current();
  return build === undefined || build === client.buildId ? undefined : build;
}
