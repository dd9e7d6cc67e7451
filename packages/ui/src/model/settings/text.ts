/** The lines in which two texts differ, without what they begin and end with in common. `from` is 1-based. */
export function textDifference(
  before: string,
  after: string,
): { readonly from: number; readonly before: readonly string[]; readonly after: readonly string[] } {
  const a = before.split("\n");
  const b = after.split("\n");
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return { from: start + 1, before: a.slice(start, a.length - end), after: b.slice(start, b.length - end) };
}
