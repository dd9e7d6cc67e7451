/** Which rows of a long list stand in the page. */

export interface Window {
  /** Key of the first row; undefined: the window follows the end of the list. */
  readonly top?: string;
  readonly size: number;
}

export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Rows at first, rows added at a time, rows at most. */
const FIRST = 80;
const STEP = 60;
export const MOST = 200;

export const FOLLOW: Window = { size: FIRST };

export function sliceOf(window: Window, keys: readonly string[]): Slice {
  const at = window.top === undefined ? -1 : keys.indexOf(window.top);
  const from = at < 0 ? Math.max(0, keys.length - window.size) : at;
  return { from, to: Math.min(keys.length, from + window.size) };
}

/** A window that follows the end goes on following; at its limit it stays what it is. */
export function extendUp(window: Window, keys: readonly string[]): Window {
  if (window.top === undefined) return window.size >= MOST ? window : { size: Math.min(window.size + STEP, MOST) };
  const { from, to } = sliceOf(window, keys);
  const start = Math.max(0, from - STEP);
  return at(start, Math.min(to - start, MOST), keys);
}

export function extendDown(window: Window, keys: readonly string[]): Window {
  const { from, to } = sliceOf(window, keys);
  const end = Math.min(keys.length, to + STEP);
  return at(Math.max(from, end - MOST), Math.min(end - from, MOST), keys);
}

/** Stops following: the rows shown now stay. */
export function hold(window: Window, keys: readonly string[]): Window {
  const { from, to } = sliceOf(window, keys);
  return at(from, Math.max(to - from, FIRST), keys);
}

/** Rows about one of them. */
export function around(index: number, keys: readonly string[]): Window {
  const from = Math.max(0, index - FIRST / 2);
  return at(from, Math.min(FIRST, keys.length - from), keys);
}

function at(from: number, size: number, keys: readonly string[]): Window {
  const top = keys[from];
  return top === undefined ? FOLLOW : { top, size };
}
