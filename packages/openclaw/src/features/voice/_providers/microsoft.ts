/**
 * The voices with which Microsoft Edge reads pages aloud: no key, no promise of service. A WebSocket takes the format
 * and the text as SSML, and sends pieces of sound until the turn ends. Sources: the behaviour of Edge as the projects
 * `edge-tts` and `msedge-tts` describe it; frames as in Microsoft's Speech SDK (WebsocketMessageFormatter).
 */
import { sha256 } from "../../../base/ids.ts";
import { errorText } from "../../../base/errors.ts";
import { mimeOf } from "../../../base/file-type.ts";
import type { Socket } from "../../../base/socket.ts";
import { SpeechFailed, textIn } from "../_speech/provider.ts";
import type { Sound, SpeechIo, SpeechJob, Synthesize } from "../_speech/provider.ts";
import { ssml } from "../_speech/ssml.ts";
import { audioIn, dateHeader, headersOf, pathOf, securityToken } from "../_speech/edge-frames.ts";
import { piecesWithin } from "../_speech/pieces.ts";

const MP3 = "audio-24khz-48kbitrate-mono-mp3";
/** The token that every Edge carries. */
const CLIENT_TOKEN = "6A5AA1D4EAFF4E9FB37E23D68491D6F4";
const VERSION = "143.0.3650.75";
const MAX_AUDIO = 32 * 1024 * 1024;
const MAX_MESSAGE = 1024 * 1024;
const CONNECT_MS = 10_000;
/** UTF-8 bytes of one request, well below the 64 KiB of the service. */
const MAX_TEXT_BYTES = 4096;

export const synthesize: Synthesize = async (job, io) => {
  if (textIn(job.settings, "proxy") !== undefined)
    throw new SpeechFailed("a proxy is set for it (edge.proxy), and this version connects directly only");
  const wished = textIn(job.settings, "outputFormat") ?? MP3;
  const texts = piecesWithin(job.text, MAX_TEXT_BYTES);
  // Only MP3 can be put together from pieces.
  if (wished === MP3 || texts.length > 1) return whole(job, io, texts, MP3);
  try {
    return await whole(job, io, texts, wished);
  } catch (error) {
    if (job.signal.aborted || !(error instanceof NoSound)) throw error;
    return whole(job, io, texts, MP3);
  }
};

class NoSound extends SpeechFailed {}

async function whole(job: SpeechJob, io: SpeechIo, texts: readonly string[], format: string): Promise<Sound> {
  const pieces: Uint8Array[] = [];
  for (const text of texts) pieces.push(...(await turn(job, io, text, format)));
  const audio = Buffer.concat(pieces);
  return { audio, mimeType: format.endsWith("mp3") ? "audio/mpeg" : mimeOf(audio, nameOf(format)), format };
}

function nameOf(format: string): string {
  return format.startsWith("webm") ? "speech.webm" : format.startsWith("ogg") ? "speech.ogg" : "speech.wav";
}

async function turn(job: SpeechJob, io: SpeechIo, text: string, format: string): Promise<Uint8Array[]> {
  const socket = await opened(job, io);
  try {
    const date = dateHeader(io.clock.now());
    await socket.send(
      `X-Timestamp:${date}\r\nContent-Type:application/json; charset=utf-8\r\nPath:speech.config\r\n\r\n${JSON.stringify(
        {
          context: {
            synthesis: {
              audio: {
                metadataoptions: { sentenceBoundaryEnabled: "false", wordBoundaryEnabled: "false" },
                outputFormat: format,
              },
            },
          },
        },
      )}`,
    );
    await socket.send(
      `X-RequestId:${id(io)}\r\nContent-Type:application/ssml+xml\r\nX-Timestamp:${date}Z\r\nPath:ssml\r\n\r\n${spokenAs(job, text)}`,
    );
    return await soundFrom(socket);
  } finally {
    socket.close();
  }
}

async function soundFrom(socket: Socket): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const message of socket.messages) {
      if (typeof message === "string") {
        if (pathOf(headersOf(message)) === "turn.end") break;
        continue;
      }
      const audio = audioIn(message);
      if (audio === undefined) continue;
      bytes += audio.length;
      if (bytes > MAX_AUDIO) throw new SpeechFailed("it sent more sound than can be sent on");
      pieces.push(audio);
    }
  } catch (error) {
    if (error instanceof SpeechFailed || pieces.length > 0) throw error;
    throw new NoSound(errorText(error));
  }
  if (bytes === 0) throw new NoSound("it sent no sound");
  return pieces;
}

/** The token holds for five minutes of the server's clock: where that differs, its answer says the time. */
async function opened(job: SpeechJob, io: SpeechIo, now = io.clock.now(), again = true): Promise<Socket> {
  const { access, signal } = job;
  const query = new URLSearchParams({
    TrustedClientToken: CLIENT_TOKEN,
    "Sec-MS-GEC": securityToken(now, CLIENT_TOKEN),
    "Sec-MS-GEC-Version": `1-${VERSION}`,
    ConnectionId: id(io),
  });
  const base = access.baseUrl.replace(/^http/, "ws");
  try {
    return await io.connect(`${base}/consumer/speech/synthesize/readaloud/edge/v1?${query.toString()}`, {
      headers: {
        origin: "chrome-extension://jdiccldimpdaibmpdkjnbmckianbfold",
        "user-agent": `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${MAJOR}.0.0.0 Safari/537.36 Edg/${MAJOR}.0.0.0`,
        pragma: "no-cache",
        "cache-control": "no-cache",
        "accept-language": "en-US,en;q=0.9",
        cookie: `muid=${id(io).toUpperCase()};`,
      },
      signal,
      connectTimeoutMs: CONNECT_MS,
      maxMessageBytes: MAX_MESSAGE,
      egress: { origin: new URL(access.baseUrl).origin },
    });
  } catch (error) {
    const { status, date } = (error as { details?: { status?: unknown; date?: unknown } }).details ?? {};
    const theirs = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (status !== 403 || !again || Number.isNaN(theirs)) throw error;
    return opened(job, io, theirs, false);
  }
}

const MAJOR = VERSION.split(".", 1)[0] ?? "";

function spokenAs({ settings, usual, wishes }: SpeechJob, text: string): string {
  const percent = (value: number) => `${value >= 1 ? "+" : ""}${Math.round((value - 1) * 100)}%`;
  return ssml(text, {
    voice: wishes.voice ?? textIn(settings, "voice", "voiceId") ?? usual.voice,
    language: textIn(settings, "lang"),
    rate: wishes.speed === undefined ? textIn(settings, "rate") : percent(wishes.speed),
    pitch: textIn(settings, "pitch"),
    volume: textIn(settings, "volume"),
  });
}

/** Sixteen random bytes in hexadecimal. */
function id({ random }: SpeechIo): string {
  return sha256(Buffer.from(random.bytes(16)).toString("hex")).slice(0, 32);
}
