/** A program on this machine: `command` and `args`, with `{{Text}}` and the places of its output put in. */
import { join } from "node:path";
import { childEnv, forbiddenChildVariables } from "../../../base/env.ts";
import { mimeOf } from "../../../base/file-type.ts";
import { ensureDir, list, readBytes, remove } from "../../../base/files.ts";
import { record } from "../../../base/record.ts";
import { SpeechFailed, numberIn, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

const MAX_AUDIO = 32 * 1024 * 1024;
const LONGEST_MS = 120_000;
const MAX_SAID = 300;

export const synthesize: Synthesize = async ({ settings, signal, text }, { clock, programs }) => {
  const command = textIn(settings, "command");
  if (command === undefined) throw new SpeechFailed("no program is set: messages.tts.providers.tts-local-cli.command");
  const folder = join(programs.scratch, programs.uuid());
  await ensureDir(folder);
  try {
    const args = argumentsOf(settings["args"]);
    const values = { Text: text, OutputPath: join(folder, "speech.mp3"), OutputDir: folder, OutputBase: "speech" };
    const filled = args.map((argument) => fill(argument, values));
    const takesText = args.some((argument) => /\{\{\s*Text\s*\}\}/.test(argument));
    const printed = await run({ argv: [command, ...filled], input: takesText ? undefined : text, folder, settings });
    const [name] = (await list(folder)).toSorted();
    const audio = name === undefined ? printed : await readBytes(join(folder, name), MAX_AUDIO);
    if (!audio || audio.length === 0) throw new SpeechFailed("the program made no sound");
    const mimeType = mimeOf(audio, name ?? "speech.mp3");
    return { audio, mimeType, format: mimeType.replace("audio/", "") };
  } finally {
    await remove(folder);
  }

  async function run(call: {
    readonly argv: [string, ...string[]];
    readonly input: string | undefined;
    readonly folder: string;
    readonly settings: Readonly<Record<string, unknown>>;
  }): Promise<Uint8Array> {
    const own = Object.fromEntries(
      Object.entries(record(call.settings["env"])).filter(
        (pair): pair is [string, string] => typeof pair[1] === "string",
      ),
    );
    const refused = new Set(forbiddenChildVariables(own));
    const env = childEnv(programs.env, Object.fromEntries(Object.entries(own).filter(([name]) => !refused.has(name))));
    const pieces: Buffer[] = [];
    let bytes = 0;
    let said = "";
    let late = false;
    const child = await programs.spawn({
      argv: call.argv,
      cwd: call.folder,
      env,
      ...(call.input === undefined ? {} : { input: call.input }),
      signal,
      onOutput(stream, chunk) {
        if (stream === "stderr") said = (said + chunk.toString("utf8")).slice(-MAX_SAID);
        else if ((bytes += chunk.length) <= MAX_AUDIO) pieces.push(Buffer.from(chunk));
        else void child.kill();
      },
    });
    const cancel = clock.timer(numberIn(settings, "timeoutMs") ?? LONGEST_MS, () => {
      late = true;
      void child.kill();
    });
    try {
      const { code } = await child.exit;
      if (late) throw new SpeechFailed("the program took too long");
      if (bytes > MAX_AUDIO) throw new SpeechFailed("the program made more sound than can be sent");
      if (code !== 0) throw new SpeechFailed(`the program ended with ${code ?? "a signal"}: ${said.trim()}`);
      return Buffer.concat(pieces);
    } finally {
      cancel();
    }
  }
};

function argumentsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** Each argument stays one argument, whatever is put into it, and words never become a flag of the program. */
function fill(argument: string, values: Readonly<Record<string, string>>): string {
  const filled = argument.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "").replaceAll("\0", "") : "",
  );
  return filled.startsWith("-") && !argument.startsWith("-") ? ` ${filled}` : filled;
}
