import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { WebSocketServer } from "ws";
import { audioIn, dateHeader, pathOf, securityToken } from "./_speech/edge-frames.ts";
import { piecesWithin } from "./_speech/pieces.ts";
import type { SpeechIo, SpeechJob } from "./_speech/provider.ts";
import { synthesize } from "./_providers/microsoft.ts";
import { ioIn } from "./voice.fixture.ts";

const TOKEN = "6A5AA1D4EAFF4E9FB37E23D68491D6F4";

/** Counted in another way than the product does: seconds in floating point, as the published clients have it. */
function tokenAt(now: number): string {
  const seconds = Math.floor(now / 1000) + 11_644_473_600;
  const ticks = `${seconds - (seconds % 300)}0000000`;
  return createHash("sha256").update(`${ticks}${TOKEN}`).digest("hex").toUpperCase();
}

/**
 * FAKE of the read-aloud service: refuses a wrong token or origin with 403 and the time, wants the format before the
 * text, and answers a turn with `turn.start`, pieces of sound and `turn.end`. A format it does not know ends the turn
 * without sound.
 */
class FakeReader {
  now = () => Date.now();
  readonly texts: string[] = [];
  readonly formats: string[] = [];
  refused = 0;
  knows: readonly string[] = ["audio-24khz-48kbitrate-mono-mp3"];
  breaks = false;
  #server: Server = createServer();

  async start(): Promise<string> {
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on("upgrade", (request, socket, head) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://reader");
      const legal =
        pathname === "/consumer/speech/synthesize/readaloud/edge/v1" &&
        searchParams.get("TrustedClientToken") === TOKEN &&
        searchParams.get("Sec-MS-GEC") === tokenAt(this.now()) &&
        /^1-\d+\.\d+\.\d+\.\d+$/.test(searchParams.get("Sec-MS-GEC-Version") ?? "") &&
        /^[0-9a-f]{32}$/.test(searchParams.get("ConnectionId") ?? "") &&
        (request.headers.origin ?? "").startsWith("chrome-extension://");
      if (!legal) {
        this.refused += 1;
        socket.end(`HTTP/1.1 403 Forbidden\r\nDate: ${new Date(this.now()).toUTCString()}\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        let format: string | undefined;
        client.on("message", (data: Buffer) => {
          const [headers = "", body = ""] = data.toString().split("\r\n\r\n");
          if (/^Path:speech\.config$/m.test(headers)) {
            const { context } = JSON.parse(body) as {
              context: { synthesis: { audio: { outputFormat: string } } };
            };
            format = context.synthesis.audio.outputFormat;
            this.formats.push(format);
            return;
          }
          if (!/^Path:ssml$/m.test(headers) || !/^X-RequestId:[0-9a-f]{32}$/m.test(headers) || format === undefined)
            return client.close(1007);
          this.texts.push(/<voice[^>]*>(?:<prosody[^>]*>)?([^<]*)/.exec(body)?.[1] ?? "");
          this.ssml = body;
          client.send("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}");
          client.send("X-RequestId:1\r\nPath:response\r\n\r\n{}");
          if (this.knows.includes(format))
            for (const piece of ["SOUND-", `${this.texts.length};`]) client.send(frame("audio", piece));
          client.send(frame("audio.metadata", "{}"));
          if (this.breaks) return client.terminate();
          return client.send("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}");
        });
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  ssml = "";

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function frame(path: string, content: string): Buffer {
  const headers = Buffer.from(`X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:${path}\r\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(headers.length);
  return Buffer.concat([length, headers, Buffer.from(content)]);
}

describe("Microsoft's voices", () => {
  let reader = new FakeReader();
  let baseUrl = "";
  beforeEach(async () => {
    reader.close();
    reader = new FakeReader();
    baseUrl = await reader.start();
  });
  after(() => reader.close());

  const ask = (more: Partial<SpeechJob> = {}, io: SpeechIo = ioIn("/nowhere")) =>
    synthesize(
      {
        text: "Say <it> & mean it.",
        purpose: "file",
        wishes: {},
        settings: {},
        usual: { model: "", voice: "en-US-MichelleNeural" },
        access: { baseUrl, headers: {} },
        signal: new AbortController().signal,
        ...more,
      },
      io,
    );

  it("read a text, and its markup is words", async () => {
    const { audio, format, mimeType } = await ask();
    assert.equal(Buffer.from(audio).toString(), "SOUND-1;");
    assert.deepEqual([mimeType, format], ["audio/mpeg", "audio-24khz-48kbitrate-mono-mp3"]);
    assert.deepEqual(reader.texts, ["Say &lt;it&gt; &amp; mean it."]);
    assert.match(reader.ssml, /<voice name="en-US-MichelleNeural">/);
  });

  it("take speed, pitch, volume, voice and language as they are set", async () => {
    const settings = { voice: "de-DE-KatjaNeural", lang: "de-DE", rate: "+10%", pitch: "-5%", volume: "+0%" };
    await ask({ settings });
    assert.match(reader.ssml, /xml:lang="de-DE"><voice name="de-DE-KatjaNeural"><prosody rate="\+10%" pitch="-5%"/);
    await ask({ settings, wishes: { speed: 0.8 } });
    assert.match(reader.ssml, /rate="-20%"/);
  });

  it("are asked for MP3 when a format brings no sound", async () => {
    const { mimeType } = await ask({ settings: { outputFormat: "ogg-24khz-16bit-mono-opus" } });
    assert.equal(mimeType, "audio/mpeg");
    assert.deepEqual(reader.formats, ["ogg-24khz-16bit-mono-opus", "audio-24khz-48kbitrate-mono-mp3"]);
  });

  it("are asked again with their own time where the clocks differ, once", async () => {
    reader.now = () => Date.now() + 3_600_000;
    assert.equal(Buffer.from((await ask()).audio).toString(), "SOUND-1;");
    assert.equal(reader.refused, 1);
    reader.now = () => Date.now() + Math.random() * 1e12;
    await assert.rejects(ask(), /HTTP 403/);
    assert.ok(reader.refused <= 3);
  });

  it("read a long text in pieces", async () => {
    const text = "A sentence that goes on. ".repeat(400).trim();
    const { audio } = await ask({ text });
    assert.ok(reader.texts.length > 1);
    assert.equal(reader.texts.join(" "), text);
    assert.match(Buffer.from(audio).toString(), /^SOUND-1;SOUND-2;/);
  });

  it("give no half of a sound when the connection breaks", async () => {
    reader.breaks = true;
    await assert.rejects(ask(), /closed the connection/);
  });

  it("are not asked past a proxy that was set", async () => {
    await assert.rejects(ask({ settings: { proxy: "http://127.0.0.1:3128" } }), /a proxy is set/);
    assert.equal(reader.texts.length, 0);
  });
});

describe("frames of the read-aloud service", () => {
  it("carry the token of the running five minutes", () => {
    for (const now of [0, 1_700_000_000_000, 1_700_000_299_999, Date.now()])
      assert.equal(securityToken(now, TOKEN), tokenAt(now));
  });
  it("carry the date as a browser writes it", () =>
    assert.equal(dateHeader(0), "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"));
  it("are sound only where they say so, and never read past their end", () => {
    assert.equal(Buffer.from(audioIn(frame("audio", "x")) ?? []).toString(), "x");
    assert.equal(audioIn(frame("audio.metadata", "x")), undefined);
    assert.equal(audioIn(frame("audio", "")), undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const audio = audioIn(bytes);
        return audio === undefined || audio.length < bytes.length;
      }),
    );
  });
  it("know their path whatever stands around it", () => {
    assert.equal(pathOf("X-RequestId:1\r\nPath: Turn.End\r\nOther:1"), "turn.end");
    assert.equal(pathOf("nothing"), undefined);
  });
});

describe("pieces of a text", () => {
  it("fit, and lose no word", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: "grapheme" }), fc.integer({ min: 40, max: 120 }), (text, max) => {
        const pieces = piecesWithin(text, max);
        assert.ok(pieces.every((piece) => Buffer.byteLength(piece) <= max));
        assert.equal(pieces.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
      }),
    );
  });
  it("end with a sentence where one ends in time", () => {
    assert.deepEqual(piecesWithin("One two three four. Five six seven eight nine.", 30), [
      "One two three four.",
      "Five six seven eight nine.",
    ]);
  });
});
