/**
 * `voicewake.*`, `tts.*`, `talk.*`: the words that wake devices are kept; speaking and listening are not part of
 * this version, which says so in the documented shapes.
 */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Events } from "../../contracts/bus.ts";
import { Config } from "../config/index.ts";
import { WAKE_ROUTING } from "./index.ts";
import { readTriggers, writeTriggers } from "./_triggers.ts";
import { errors } from "./errors.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const Triggers = closed({ triggers: Type.Array(Type.String()) });
const text = Type.Optional(Type.String({ maxLength: 512 }));

/** A method of speech that needs a voice. */
const voiceless = (name: string, summary: string, params: Parameters<typeof closed>[0], open = false) =>
  defineMethod({
    name,
    scope: "operator.write",
    summary,
    hidden: true,
    open,
    params: closed(params),
    result: Open,
    run: () => {
      throw errors.SPEECH_UNAVAILABLE();
    },
  });

export const methods = [
  defineMethod({
    name: "voicewake.get",
    scope: "operator.read",
    summary: "Words that wake the assistant on devices that listen.",
    params: closed({}),
    result: Triggers,
    run: async (call) => ({ triggers: await readTriggers(call.use) }),
  }),
  defineMethod({
    name: "voicewake.set",
    scope: "operator.write",
    summary: "Sets the words that wake the assistant; none brings back the usual ones.",
    params: closed({ triggers: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }) }),
    result: Triggers,
    async run(call, params) {
      const triggers = await writeTriggers(call.use, params.triggers);
      (await call.use(Events)).publish("voicewake.changed", { triggers });
      return { triggers };
    },
  }),
  defineMethod({
    name: "voicewake.routing.get",
    scope: "operator.read",
    summary: "Which agent each word wakes: always the one in use.",
    hidden: true,
    params: closed({}),
    result: Open,
    run: () => ({ config: WAKE_ROUTING }),
  }),
  defineMethod({
    name: "tts.status",
    scope: "operator.read",
    summary: "Whether answers are spoken.",
    params: closed({}),
    result: Type.Object({
      enabled: Type.Boolean(),
      auto: choice(["off", "always", "inbound", "tagged"]),
      provider: Type.Union([Type.String(), Type.Null()]),
      providerStates: Type.Array(Open),
    }),
    run: (call) => ({
      enabled: false,
      auto: "off" as const,
      provider: null,
      fallbackProvider: null,
      fallbackProviders: [],
      prefsPath: `${call.platform.paths.state}/settings/tts.json`,
      providerStates: [],
    }),
  }),
  defineMethod({
    name: "tts.providers",
    scope: "operator.read",
    summary: "Voices to choose from.",
    params: closed({}),
    result: closed({ providers: Type.Array(Open), active: Type.Union([Type.String(), Type.Null()]) }),
    run: () => ({ providers: [], active: null }),
  }),
  voiceless("tts.enable", "Speaks answers.", {}),
  voiceless("tts.setProvider", "Chooses a voice.", { provider: Type.String({ minLength: 1, maxLength: 200 }) }),
  voiceless("tts.convert", "Makes a sound file of a text.", { text, channel: text }, true),
  defineMethod({
    name: "tts.disable",
    scope: "operator.write",
    summary: "Stops speaking answers.",
    hidden: true,
    params: closed({}),
    result: closed({ enabled: Type.Literal(false) }),
    run: () => ({ enabled: false as const }),
  }),
  defineMethod({
    name: "talk.config",
    scope: "operator.read",
    summary: "What devices need to know for talking; secrets are left out.",
    scopeFor: ({ includeSecrets }) => (includeSecrets === true ? "operator.talk.secrets" : "operator.read"),
    params: closed({ includeSecrets: Type.Optional(Type.Boolean()) }),
    result: closed({ config: Open }),
    async run(call) {
      const config = await call.use(Config);
      const root = config.current().root;
      const sessions = root["session"] as { mainKey?: string } | undefined;
      const ui = (root["ui"] ?? {}) as { seamColor?: unknown };
      return {
        config: {
          ...(root["talk"] === undefined ? {} : { talk: config.redact(root["talk"], "talk") }),
          session: { mainKey: sessions?.mainKey ?? "main" },
          ui: ui.seamColor === undefined ? {} : { seamColor: ui.seamColor },
        },
      };
    },
  }),
  defineMethod({
    name: "talk.catalog",
    scope: "operator.read",
    summary: "Ways of talking: none.",
    hidden: true,
    open: true,
    params: closed({}),
    result: Open,
    run: () => ({
      modes: [],
      transports: [],
      brains: [],
      speech: { providers: [] },
      transcription: { ready: false, providers: [] },
      realtime: { ready: false, providers: [] },
    }),
  }),
  defineMethod({
    name: "talk.mode",
    scope: "operator.talk",
    summary: "Begins or ends talking on the devices that can.",
    hidden: true,
    params: closed({ enabled: Type.Boolean(), phase: text }),
    result: Open,
    run: () => {
      throw errors.TALK_DISABLED();
    },
  }),
];
