/** How health is made: one snapshot, renewed every minute and whenever somebody asks. */
import { errorText } from "../../base/errors.ts";
import { Events } from "../../contracts/bus.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { emptySnapshot, takeSnapshot } from "./_snapshot.ts";
import { Health, type HealthService, type HealthSnapshot } from "./index.ts";

const EVERY_MS = 60_000;
/** Soon after start, so that the first client does not wait for it. */
const FIRST_MS = 1000;

export const services = [provide(Health, makeHealth)];

function makeHealth({ platform, use, scope }: ServiceContext): HealthService {
  let newest: HealthSnapshot | undefined;
  let looking: Promise<HealthSnapshot> | undefined;

  const look = async () => {
    const snapshot = await takeSnapshot(use, platform);
    newest = snapshot;
    (await use(Events)).publish("health", { ...snapshot });
    return snapshot;
  };
  const refresh = () => {
    looking ??= look().finally(() => (looking = undefined));
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
