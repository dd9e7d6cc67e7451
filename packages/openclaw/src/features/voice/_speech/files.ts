/**
 * Sounds of a moment: `<state>/media/speech`. Whoever asked removes its file; what nobody removed, because of a death or
 * because a client never came for it, goes by age and size.
 */
import { join } from "node:path";
import { ensureDir, info, list, remove, writeDurable } from "../../../base/files.ts";
import { extensionOf } from "../../../base/file-type.ts";
import type { Sound } from "./provider.ts";

const HOUR_MS = 3_600_000;
const KEPT_MS = 24 * HOUR_MS;
const KEPT_BYTES = 256 * 1024 * 1024;
/** What is being made is younger than this. */
const FRESH_MS = 10 * 60_000;

export class SoundFiles {
  readonly folder: string;

  constructor(state: string) {
    this.folder = join(state, "media", "speech");
  }

  /** Answers with its path. */
  async keep(sound: Sound, id: string): Promise<string> {
    await ensureDir(this.folder);
    const path = join(this.folder, `speech-${id}.${extensionOf(sound.mimeType)}`);
    await writeDurable(path, sound.audio);
    return path;
  }

  /** Removes what is older than a day, then the oldest until 256 MB are left. Answers how many. */
  async sweep(now: number): Promise<number> {
    const found: { path: string; bytes: number; at: number }[] = [];
    for (const name of await list(this.folder)) {
      const path = join(this.folder, name);
      const about = await info(path);
      if (about) found.push({ path, bytes: about.size, at: about.mtimeMs });
    }
    let total = found.reduce((sum, { bytes }) => sum + bytes, 0);
    let removed = 0;
    for (const { path, bytes, at } of found.toSorted((a, b) => a.at - b.at)) {
      if (at > now - KEPT_MS && (total <= KEPT_BYTES || at > now - FRESH_MS)) break;
      total -= bytes;
      removed += 1;
      await remove(path);
    }
    return removed;
  }
}
