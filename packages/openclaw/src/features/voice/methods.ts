/**
 * `voicewake.*`, `tts.*`, `talk.*`: the words that wake devices, and spoken answers. Listening to a stream of sound is
 * no part of this version, which says so in the documented shapes.
 */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Events } from "../../contracts/bus.ts";
import { Config } from "../config/index.ts";
import { WAKE_ROUTING } from "./index.ts";
import { Voice } from "./_service-tokens.ts";
import { speechMethods } from "./_methods-speech.ts";
import { readTriggers, writeTriggers } from "./_triggers.ts";
import { errors } from "./errors.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const Triggers = closed({ triggers: Type.Array(Type.String()) });

/** Providers of speech as devices choose from them. */
async function speakers(call: MethodCall) {
  const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
  const { provider, providers } = await voice.state(config.current());
  return {
    ...(provider === undefined ? {} : { activeProvider: provider }),
    providers: providers.map(({ id, label, configured, models, voices }) => ({
      id,
      label,
      configured,
      models: [...models],
      voices: [...voices],
    })),
  };
}

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
  ...speechMethods,
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
    summary: "Ways of talking: who speaks. Listening to a stream is no part of this version.",
    hidden: true,
    open: true,
    params: closed({}),
    result: Open,
    run: async (call) => ({
      modes: [],
      transports: [],
      brains: [],
      speech: await speakers(call),
      transcription: { ready: false, providers: [] },
      realtime: { ready: false, providers: [] },
    }),
  }),
  defineMethod({
    name: "talk.mode",
    scope: "operator.talk",
    summary: "Begins or ends talking on the devices that can.",
    hidden: true,
    params: closed({ enabled: Type.Boolean(), phase: Type.Optional(Type.String({ maxLength: 512 })) }),
    result: Open,
    run: () => {
      throw errors.TALK_DISABLED();
    },
  }),
];
