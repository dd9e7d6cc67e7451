/** Sound as a voice note: Opus in Ogg, by `ffmpeg` where it is installed. */
import { childEnv } from "../../../base/env.ts";
import { ensureDir, readBytes, remove, writeDurable } from "../../../base/files.ts";
import { join } from "node:path";
import type { Programs } from "../../../contracts/model.ts";
import type { Sound } from "./provider.ts";

const MAX_AUDIO = 32 * 1024 * 1024;

/** Undefined where it cannot be done: the sound goes as a file then. */
export async function asVoiceNote(sound: Sound, programs: Programs, signal: AbortSignal): Promise<Sound | undefined> {
  if (sound.mimeType === "audio/ogg") return sound;
  const folder = join(programs.scratch, programs.uuid());
  const [from, to] = [join(folder, "in"), join(folder, "out.ogg")];
  try {
    await ensureDir(folder);
    await writeDurable(from, sound.audio);
    const opus = ["-c:a", "libopus", "-b:a", "64k", "-ar", "48000", "-ac", "1"];
    const child = await programs.spawn({
      argv: ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", from, "-vn", ...opus, "-f", "ogg", to],
      cwd: folder,
      env: childEnv(programs.env),
      signal,
    });
    const stop = () => void child.kill();
    signal.addEventListener("abort", stop, { once: true });
    const { code } = await child.exit.finally(() => signal.removeEventListener("abort", stop));
    const audio = code === 0 ? await readBytes(to, MAX_AUDIO) : undefined;
    return audio && audio.length > 0 ? { audio, mimeType: "audio/ogg", format: "opus" } : undefined;
  } catch {
    return undefined;
  } finally {
    await remove(folder);
  }
}
