/** Words and answers that somebody made to do harm. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Spawn } from "../../base/spawn.ts";
import { systemClock } from "../../base/time.ts";
import { synthesize } from "./_providers/local-cli.ts";
import { request } from "./_speech/provider.ts";
import { spokenIn } from "./_speech/tags.ts";
import { speechSettings } from "./_speech/settings.ts";

const { signal } = new AbortController();

describe("a program that speaks", () => {
  /** FAKE of a spawner: notes the arguments and prints a sound. */
  async function argv(args: readonly string[], text: string): Promise<readonly string[]> {
    let seen: readonly string[] = [];
    const spawn: Spawn = async (options) => {
      seen = options.argv.slice(1);
      options.onOutput?.("stdout", Buffer.from("OggS and sound"));
      return {
        pid: 1,
        exit: Promise.resolve({ code: 0, signal: null }),
        write() {},
        endInput() {},
        kill: async () => {},
      };
    };
    const programs = { spawn, env: {}, scratch: "/tmp/openclaw-hostile-voice", uuid: () => "one" };
    const job = { text, purpose: "file", wishes: {}, settings: { command: "speak", args }, access: {}, signal };
    await synthesize(job as never, { clock: systemClock, programs } as never);
    return seen;
  }

  for (const text of ["-f /etc/passwd", "--output=/etc/x", "a; rm -rf /", "$(id)", "{{OutputDir}}", "a\n-f\nb", "x\0y"])
    it(`takes ${JSON.stringify(text)} for one argument and for words`, async () => {
      const [flag, words = "", ...rest] = await argv(["-v", "{{Text}}"], text);
      assert.deepEqual([flag, rest], ["-v", []]);
      assert.ok(!words.startsWith("-") && words.trim() === text.replace("\0", "").trim());
    });
});

it("an error of a voice is one plain line without the key", async () => {
  const body = JSON.stringify({ message: "bad key sk-voice-0123456789 \u001b[2J\u202e" });
  const fetch = async () => new Response(body.replaceAll("\\u001b", "\u001b"), { status: 401 });
  const access = { baseUrl: "http://v.test", apiKey: "sk-voice-0123456789", headers: {} };
  await assert.rejects(
    request({ access, signal }, { fetch }, { path: "/x", headers: {}, body: "{}" }),
    ({ message }: Error) => message.startsWith("HTTP 401: bad key ***") && !/[\p{Cc}\u202e]/u.test(message),
  );
});

it("tags choose neither a provider nor anything else that the operator keeps to himself", () => {
  const settings = (tts: object) =>
    speechSettings({ at: (path: string) => (path === "messages.tts" ? tts : undefined) } as never, {});
  const tag = "[[tts:provider=openai voice=nova model=tts-1-hd]]Hello there";
  const usual = spokenIn(tag, settings({}).overrides);
  assert.equal(usual.provider, undefined);
  const none = spokenIn(tag, settings({ modelOverrides: { enabled: false } }).overrides);
  assert.deepEqual([none.provider, none.wishes], [undefined, {}]);
  assert.equal(spokenIn(tag, settings({ modelOverrides: { allowProvider: true } }).overrides).provider, "openai");
});
