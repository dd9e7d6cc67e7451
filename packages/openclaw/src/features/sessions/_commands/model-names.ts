/** Which model a person means. Pure. */
import type { ListedModel } from "../../../models/index.ts";

export type Meant =
  | { readonly kind: "one"; readonly ref: string }
  | { readonly kind: "several"; readonly refs: readonly string[] }
  | { readonly kind: "none" };

/** One line of the list: a model, and the providers that serve it. */
export interface Family {
  readonly id: string;
  readonly refs: readonly string[];
  readonly alias?: string;
}

/** Most that are named when it could be several. */
const MOST = 8;

export function refOf({ provider, row }: ListedModel): string {
  return `${provider}/${row.id}`;
}

/** An alias in any case, then the exact reference or id, then the only one that contains it. */
export function meant(text: string, listed: readonly ListedModel[]): Meant {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return { kind: "none" };
  const by = (test: (model: ListedModel) => boolean) => listed.filter(test).map(refOf);
  const alias = by((model) => model.alias?.toLowerCase() === wanted);
  if (alias[0] !== undefined) return { kind: "one", ref: alias[0] };
  const exact = by((model) => refOf(model).toLowerCase() === wanted);
  if (exact[0] !== undefined) return { kind: "one", ref: exact[0] };
  return few(by((model) => model.row.id.toLowerCase() === wanted)) ?? few(fuzzy(wanted, listed)) ?? { kind: "none" };
}

/** Models by their id, in the order of the list. */
export function families(listed: readonly ListedModel[]): readonly Family[] {
  const byId = Map.groupBy(listed, ({ row }) => row.id);
  return [...byId].map(([id, models]) => {
    const alias = models.find((model) => model.alias !== undefined)?.alias;
    return { id, refs: models.map(refOf), ...(alias === undefined ? {} : { alias }) };
  });
}

/** Of a family the model of the provider in use, else the first. */
export function pick({ refs }: Family, current: string): string {
  const provider = current.slice(0, current.indexOf("/") + 1);
  return refs.find((ref) => provider !== "" && ref.startsWith(provider)) ?? refs[0] ?? "";
}

/** `opus@anthropic:work` names a login besides the model; `opus@work` one of its provider. */
export function withoutProfile(text: string): { readonly ref: string; readonly profile?: string } {
  const whole =
    /^([^@]*[^@/])@([a-z0-9][a-z0-9._-]*:.+)$/i.exec(text) ?? /^(.+)@([a-z0-9][a-z0-9._-]*:.+)$/i.exec(text);
  if (whole) return { ref: whole[1] ?? "", profile: whole[2] ?? "" };
  const at = text.lastIndexOf("@");
  return at > 0 ? { ref: text.slice(0, at), profile: text.slice(at + 1) } : { ref: text };
}

function fuzzy(wanted: string, listed: readonly ListedModel[]): string[] {
  const parts = wanted.split(/[\s/._:-]+/).filter((part) => part !== "");
  if (parts.length === 0) return [];
  return listed
    .filter((model) => {
      const text = `${refOf(model)} ${model.row.name} ${model.alias ?? ""}`.toLowerCase();
      return parts.every((part) => text.includes(part));
    })
    .map(refOf);
}

function few(refs: readonly string[]): Meant | undefined {
  if (refs.length === 0) return undefined;
  return refs.length === 1 ? { kind: "one", ref: refs[0]! } : { kind: "several", refs: refs.slice(0, MOST) };
}
