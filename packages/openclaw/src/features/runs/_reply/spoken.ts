/**
 * An answer as sound, once its text was said: nothing that goes wrong here, or takes long, keeps this text or the next
 * one waiting. Whoever stops the gateway loses the sound, and nothing else.
 */
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

interface Ended {
  readonly turn: TurnRow;
  readonly setup: RunSetup;
}

/** Resolves as soon as it is known what may be spoken; the rest is done behind it. Never rejects. */
export async function speak(deps: RunDeps, ended: Ended): Promise<void> {
  const { turn, setup } = ended;
  const failed = (error: unknown) =>
    deps.log.warn("an answer was not spoken", { run: turn.id, error: errorText(error) });
  try {
    const answers = await answersOf(deps, ended);
    if (answers.length === 0) return;
    const begun = deps.trailing.begin(setup.session.key, () => spoken(deps, ended, answers).catch(failed));
    if (!begun) failed(new Error("too many wait to be spoken"));
  } catch (error) {
    failed(error);
  }
}

/** What was said in this run, the answer last; nothing where sound cannot go. */
async function answersOf(deps: RunDeps, { turn, setup }: Ended): Promise<readonly string[]> {
  const { replyTo: route, options } = turn;
  if (!route || options.deliver === false || options.silent === true || !mayDeliver(setup, turn)) return [];
  const { channel, account } = route.address;
  if (deps.outbound.known(channel, account)?.channel.capabilities.media !== true) return [];
  const answers = answersIn(await deps.contexts.load(setup.ref), turn.id).map(textOf);
  return (answers.at(-1) ?? "").trim() === "" ? [] : answers;
}

async function spoken(deps: RunDeps, { turn, setup }: Ended, answers: readonly string[]): Promise<void> {
  const { replyTo: route, options } = turn;
  const signal = deps.closing;
  if (!route || signal.aborted) return;
  const { channel, account } = route.address;
  const text = answers.at(-1) ?? "";
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
