import type { Static } from "../../contracts/schema.ts";
import { text as textResult, type ToolBody } from "../../contracts/tool.ts";
import { shortened } from "../../base/text.ts";
import { Config } from "../config/index.ts";
import { Voice } from "./_service-tokens.ts";
import type { ttsParams } from "./tools.ts";

const MAX_SHOWN = 200;

export const tts: ToolBody<Static<typeof ttsParams>> = {
  preview: ({ text, channel, voice }) => ({
    target: shortened(text, MAX_SHOWN),
    exact: { text, ...(channel === undefined ? {} : { channel }), ...(voice === undefined ? {} : { voice }) },
  }),

  async run({ text, channel, voice, timeoutMs }, { agentId, replyTo, signal, use }) {
    const [service, config] = await Promise.all([use(Voice), use(Config)]);
    const account = replyTo?.address.account;
    const sound = await service.convert({
      text,
      config: config.current(),
      agentId,
      signal,
      channel: channel ?? replyTo?.address.channel ?? "webchat",
      ...(channel === undefined && account !== undefined ? { account } : {}),
      ...(voice === undefined ? {} : { voice }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    const lines = [`MEDIA:${sound.path}`, ...(sound.asVoice ? ["[[audio_as_voice]]"] : [])];
    return textResult(`The sound is made. Put these lines into your answer to send it:\n${lines.join("\n")}`, {
      provider: sound.provider,
      format: sound.format,
      media: [sound.path],
    });
  },
};
