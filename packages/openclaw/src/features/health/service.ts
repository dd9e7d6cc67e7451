/** How health is made: one snapshot, renewed every minute and whenever somebody asks. */
import { errorText } from "../../base/errors.ts";
import { Events } from "../../contracts/bus.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { makeHeartbeats } from "./_heartbeats.ts";
import { emptySnapshot, takeSnapshot } from "./_snapshot.ts";
import { Stability } from "./_stability.ts";
import { StabilityToken } from "./_service-tokens.ts";
import { Health, Heartbeats, type HealthService, type HealthSnapshot } from "./index.ts";

const EVERY_MS = 60_000;
/** Soon after start, so that the first client does not wait for it. */
const FIRST_MS = 1000;

export const services = [
  provide(Health, makeHealth),
  provide(Heartbeats, makeHeartbeats),
  provide(StabilityToken, async ({ platform, use, scope }) => {
    const stability = new Stability(platform.clock);
    scope.add("stability", stability.follow(await use(Events)));
    return stability;
  }),
];

function makeHealth({ platform, use, scope }: ServiceContext): HealthService {
  // From the first moment on, so that what it says is complete.
  use(StabilityToken).catch((error: unknown) =>
    platform.log.warn("what happens is not noted", { error: errorText(error) }),
  );
  let newest: HealthSnapshot | undefined;
  let looking: Promise<HealthSnapshot> | undefined;

  const look = async (probe: boolean) => {
    const snapshot = await takeSnapshot(use, platform, probe);
    newest = snapshot;
    (await use(Events)).publish("health", { ...snapshot });
    return snapshot;
  };
  const refresh = (options: { readonly probe?: boolean } = {}) => {
    // A look that asks the channels is one of its own: one under way may not.
    if (options.probe === true) return look(true);
    looking ??= look(false).finally(() => (looking = undefined));
    return looking;
  };
  let cancel = () => {};
  const again = (ms: number) => {
    cancel = platform.clock.timer(ms, () => {
      refresh().catch((error: unknown) =>
        platform.log.warn("health could not be looked at", { error: errorText(error) }),
      );
      again(EVERY_MS);
    });
  };
  again(FIRST_MS);
  scope.add("health", () => cancel());
  return { cached: () => newest ?? emptySnapshot(platform), refresh };
}
