/** Brings the WebSocket side to life: services, events, requests. */
import { errorText } from "../../base/errors.ts";
import { uuid } from "../../base/ids.ts";
import { Events } from "../../contracts/bus.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Use } from "../../contracts/service.ts";
import type { ConfigService } from "../../features/config/index.ts";
import { Health } from "../../features/health/index.ts";
import { Nodes, type NodeArrivals } from "../../features/nodes/index.ts";
import { WAKE_ROUTING, readTriggers } from "../../features/voice/index.ts";
import { Dispatcher } from "./dispatch.ts";
import { Doorman, type DoormanParts } from "./doorman.ts";
import { readSessionDefaults } from "./facts.ts";
import { Fanout } from "../_events/fanout.ts";
import { startTicking } from "./heartbeat.ts";
import { hello } from "./hello.ts";
import type { AuthLimiter } from "../_auth/limiter.ts";
import type { GatewayProcess } from "../_process.ts";
import type { PresenceList } from "../presence.ts";
import type { GatewayDeps } from "../server.ts";
import type { Settings } from "../_listen/settings.ts";
import type { Upgrades } from "./sockets.ts";
import { followRuns } from "../_events/chat-events.ts";
import { OpenCallers, Pairing, Presence, Setups } from "../_service-tokens.ts";
import { TailscaleUsers } from "../_auth/tailscale-identity.ts";
import type { StaticUi } from "../_http/static.ts";

/** Largest attachment of a message, decoded. */
const ATTACHMENT_BYTES = 20_000_000;

export interface OpenParts {
  readonly deps: GatewayDeps;
  readonly config: ConfigService;
  readonly settings: Settings;
  readonly limiter: AuthLimiter;
  readonly process: GatewayProcess;
  readonly upgrades: Upgrades;
  /** Undefined when the Control UI is off. */
  readonly ui: StaticUi | undefined;
}

/** From now on sockets are greeted. */
export async function openSockets(parts: OpenParts): Promise<void> {
  const { deps, settings, limiter, process: running } = parts;
  const { platform, use, scope } = deps;
  const log = platform.log.for("gateway");
  const { connections } = running;
  const { clock } = platform;
  const [bus, desk, presence, callers, setups] = await Promise.all([
    use(Events),
    use(Pairing),
    use(Presence),
    use(OpenCallers),
    use(Setups),
  ]);
  const fanout = new Fanout({ connections, events: deps.events, log });
  const dispatcher = new Dispatcher({ platform, use, methods: deps.methods });
  const gate = {
    settings,
    limiter,
    desk,
    setups,
    tailscale: new TailscaleUsers(platform),
    clock,
    page: async () => (await parts.ui?.index())?.buildId,
    ready: () => running.phase === "ready",
  };
  const doorman = new Doorman({
    gate,
    dispatcher,
    presence,
    callers,
    nodes: () => nodesWithWords(use, bus),
    log,
    connections,
    hello: greeter(parts, { fanout, dispatcher, presence }),
  });

  scope.add("gateway events", fanout.follow(bus));
  const also = () =>
    void desk
      .sweep()
      .catch((error: unknown) => log.warn("pairing requests were not swept", { error: errorText(error) }));
  scope.add("gateway ticks", startTicking({ clock, bus, connections, also }));
  void followRuns({ use, bus, clock, connections }).then(
    (stop) => scope.add("chat events", stop),
    (error: unknown) => log.error("runs cannot be followed", { error: errorText(error) }),
  );
  void desk.retire().then(
    (count) => count > 0 && log.info("forgot devices that were not seen for a month", { devices: count }),
    (error: unknown) => log.warn("old devices were not forgotten", { error: errorText(error) }),
  );
  // The first client should not pay for what every client needs.
  void Promise.all([use(Health), readSessionDefaults(use, parts.config.current())]).catch(() => undefined);
  parts.upgrades.open((connection) => doorman.receive(connection));
}

function greeter(
  parts: OpenParts,
  live: { readonly fanout: Fanout; readonly dispatcher: Dispatcher; readonly presence: PresenceList },
): DoormanParts["hello"] {
  const { platform, use } = parts.deps;
  const bootId = uuid(platform.random);
  return async (login, caller) => {
    const current = parts.config.current();
    const [health, sessionDefaults, configHash] = await Promise.all([
      use(Health),
      readSessionDefaults(use, current),
      parts.config.fingerprint(current.hash),
    ]);
    return hello(login, caller, {
      platform,
      bootId,
      methods: live.dispatcher.names(),
      events: live.fanout.names(),
      version: live.fanout.version,
      uptimeMs: parts.process.uptimeMs(),
      authMode: parts.settings.auth.mode,
      configHash,
      attachmentBytes: ATTACHMENT_BYTES,
      presence: live.presence.list(),
      health: health.cached(),
      sessionDefaults,
    });
  };
}

/** A node that comes is also told the words that wake it. */
async function nodesWithWords(use: Use, bus: EventBus): Promise<NodeArrivals> {
  const [nodes, triggers] = await Promise.all([use(Nodes), readTriggers(use)]);
  return {
    arrived(caller, gone) {
      nodes.arrived(caller, gone);
      bus.publish("voicewake.changed", { triggers }, { only: caller.connId });
      bus.publish("voicewake.routing.changed", { config: WAKE_ROUTING }, { only: caller.connId });
    },
  };
}
