/** An answer as sound, once its text was said: nothing that goes wrong here, or takes long, keeps the text waiting. */
import { errorText } from "../../../base/errors.ts";
import { remove } from "../../../base/files.ts";
import { textOf } from "../../../contracts/message.ts";
import type { TurnRow } from "../../../store/index.ts";
import { takeDirections } from "../../outbound/index.ts";
import { Voice } from "../../voice/index.ts";
import { mayUsePrograms } from "../_setup/programs.ts";
import type { RunSetup } from "../_setup/setup.ts";
import type { RunDeps } from "../run.ts";
import { answersIn } from "./before.ts";
import { mayDeliver } from "./speaker.ts";

/** Never rejects. */
export async function speak(
  deps: RunDeps,
  { turn, setup, signal }: { readonly turn: TurnRow; readonly setup: RunSetup; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await spoken(deps, turn, setup, signal);
  } catch (error) {
    deps.log.warn("an answer was not spoken", { run: turn.id, error: errorText(error) });
  }
}

async function spoken(deps: RunDeps, turn: TurnRow, setup: RunSetup, signal: AbortSignal): Promise<void> {
  const { replyTo: route, options } = turn;
  if (!route || options.deliver === false || options.silent === true || !mayDeliver(setup, turn)) return;
  const { channel, account } = route.address;
  if (deps.outbound.known(channel, account)?.channel.capabilities.media !== true) return;
  const answers = answersIn(await deps.contexts.load(setup.ref), turn.id).map(textOf);
  const text = answers.at(-1) ?? "";
  if (text.trim() === "") return;
  const voice = await deps.use(Voice);
  const sound = await voice.spoken({
    text,
    before: answers.slice(0, -1),
    config: setup.config,
    agentId: setup.agent.id,
    channel,
    account,
    mode: { ...setup.session.entry, ...options.preferences }["ttsAuto"],
    forOwner: mayUsePrograms(setup.act),
    heard: options.heard === true,
    hasMedia: takeDirections(text).media.length > 0,
    signal,
  });
  if (!sound) return;
  try {
    const payload = { text: "", plain: true, directions: { media: [sound.path], asVoice: sound.asVoice } } as const;
    const posts = await deps.outbound.answer([payload], route, {
      keyPrefix: `${turn.id}:speech`,
      turnId: turn.id,
      at: deps.platform.clock.now(),
      workspace: setup.agent.workspace,
      quoted: true,
    });
    await deps.store.outbox.post(posts);
    deps.outbound.wake(`${channel}:${account}`);
  } finally {
    await remove(sound.path);
  }
}
