/**
 * Wire forms and their JSON, made once: what one request says of a conversation stands in the next one again, so that
 * of a long conversation only what is new costs anything. Objects given here must not change afterwards.
 */
import type { ModelRequest } from "../../contracts/model.ts";

interface Known {
  readonly way: string;
  readonly wire: unknown;
}

/** By message, or schema of a tool. */
const wires = new WeakMap<object, Known>();
const texts = new WeakMap<object, string>();

/** Longer ones, which are pictures, are not worth their memory: they leave the conversation soon. */
const LONGEST_TEXT = 256 * 1024;

/** Gives what `make` gave for `of` the last time, where it went the same way. */
export type WireOf = <T>(of: object, make: () => T) => T;

/** The way of a request: all that the form of a message may depend on. */
export function wiresFor({ endpoint, thinking }: Pick<ModelRequest, "endpoint" | "thinking">): WireOf {
  const { provider, api, model, native, params, documents } = endpoint;
  const way = JSON.stringify([provider, api, model, native, params, documents, thinking]);
  return (of, make) => {
    const known = wires.get(of);
    if (known?.way === way) return known.wire as ReturnType<typeof make>;
    const wire = make();
    wires.set(of, { way, wire });
    return wire;
  };
}

/** Lists whose members come again: `true`, or the lists within each member that do. */
export interface Lists {
  readonly [key: string]: true | Lists;
}

/** The same text as `JSON.stringify(value)`. */
export function jsonOf(value: object, lists: Lists): string {
  const fields: string[] = [];
  for (const [key, field] of Object.entries(value)) {
    const text = Array.isArray(field) && lists[key] !== undefined ? listOf(field, lists[key]) : JSON.stringify(field);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(",")}}`;
}

function listOf(members: readonly unknown[], lists: true | Lists): string {
  return `[${members.map((member) => memberOf(member, lists)).join(",")}]`;
}

function memberOf(member: unknown, lists: true | Lists): string {
  if (member === null || typeof member !== "object" || Array.isArray(member)) return JSON.stringify(member) ?? "null";
  return lists === true ? remembered(member) : jsonOf(member, lists);
}

function remembered(value: object): string {
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    if (text.length <= LONGEST_TEXT) texts.set(value, text);
  }
  return text;
}
