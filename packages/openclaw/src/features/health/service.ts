/** How health is made: one snapshot, renewed every minute and whenever somebody asks. */
import { errorText } from "../../base/errors.ts";
import { Events } from "../../contracts/bus.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { Runs } from "../runs/index.ts";
import { Lanes } from "../sessions/index.ts";
import { makeHeartbeats } from "./_heartbeats.ts";
import { Liveness } from "./_liveness.ts";
import { emptySnapshot, takeSnapshot } from "./_snapshot.ts";
import { Stability } from "./_stability.ts";
import { LivenessToken, StabilityToken } from "./_service-tokens.ts";
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
  provide(LivenessToken, makeLiveness),
];

/** How often runs under way are looked at. */
const LOOK_MS = 10_000;

async function makeLiveness({ platform, use, scope }: ServiceContext): Promise<Liveness> {
  const [config, lanes, runs, stability] = await Promise.all([use(Config), use(Lanes), use(Runs), use(StabilityToken)]);
  const warnMs = () => {
    const { enabled, stuckSessionWarnMs } = (config.current().at("diagnostics") ?? {}) as Readonly<
      Record<string, unknown>
    >;
    return enabled === false ? 0 : Number(stuckSessionWarnMs ?? 30_000);
  };
  const liveness = new Liveness({
    clock: platform.clock,
    log: platform.log.for("liveness"),
    stability,
    underWay: () => lanes.underWay(),
    release: (sessionKey, runId) => lanes.release(sessionKey, runId),
    warnMs,
  });
  let cancel = () => {};
  const again = () => {
    liveness.look();
    cancel = platform.clock.timer(LOOK_MS, again);
  };
  again();
  scope.add("liveness", () => cancel());
  scope.add(
    "progress of runs",
    runs.subscribe(({ runId }) => liveness.progress(runId)),
  );
  return liveness;
}

function makeHealth({ platform, use, scope }: ServiceContext): HealthService {
  // From the first moment on, so that what it says is complete.
  use(StabilityToken).catch((error: unknown) =>
    platform.log.warn("what happens is not noted", { error: errorText(error) }),
  );
  let newest: HealthSnapshot | undefined;
  let liveness: Liveness | undefined;
  let looking: Promise<HealthSnapshot> | undefined;

  const look = async (probe: boolean) => {
    liveness ??= await use(LivenessToken);
    const snapshot = { ...(await takeSnapshot(use, platform, probe)), liveness: liveness.counts() };
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
