/**
 * The envelope of a message from a chat network, as the model reads it in front of the text:
 * `[Telegram Alice 4711 +2m 2026-01-18 00:19 PST]`. Whatever people chose as their name cannot end it.
 */
import { cut, printable } from "../../base/text.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { TurnOptions } from "../../store/index.ts";
import { stamp } from "./_system-events.ts";

const MAX_NAME = 64;

/** `Telegram Alice 4711`: the network, how the sender calls themselves, and what they are known by. */
export function senderLabel(network: string, { id, name }: { readonly id: string; readonly name?: string }): string {
  return [network, name ?? "", id === name ? "" : id].map(plain).filter(Boolean).join(" ");
}

/** `previousAt`: when the session's last message was written; what is less than a minute ago is not told. */
export function envelopeHeader(
  { label, at }: NonNullable<TurnOptions["envelope"]>,
  config: ConfigSnapshot,
  previousAt?: number,
): string {
  const isOn = (key: string): boolean => config.at(`agents.defaults.${key}`) !== "off";
  const elapsed = previousAt !== undefined && isOn("envelopeElapsed") ? elapsedSince(Math.max(0, at - previousAt)) : "";
  const time = isOn("envelopeTimestamp") ? stamp(at, zoneOf(config)) : "";
  return `[${[label, elapsed, time].filter(Boolean).join(" ")}]`;
}

/** `agents.defaults.envelopeTimezone`: `local`, `utc`, `user` or an IANA name. */
export function zoneOf(config: ConfigSnapshot): string {
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wanted = config.at("agents.defaults.envelopeTimezone") ?? "local";
  const zone = wanted === "user" ? (config.at("agents.defaults.userTimezone") ?? local) : wanted;
  if (zone === "local") return local;
  if (String(zone).toLowerCase() === "utc") return "UTC";
  return isZone(String(zone)) ? String(zone) : local;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** `+2m`, `+3h`, `+5d`. */
function elapsedSince(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "";
  if (minutes < 120) return `+${minutes}m`;
  return minutes < 2880 ? `+${Math.floor(minutes / 60)}h` : `+${Math.floor(minutes / 1440)}d`;
}

function plain(text: string): string {
  return cut(
    printable(text)
      .replace(/[[\]\s\ufffd]+/g, " ")
      .trim(),
    MAX_NAME,
  );
}
