/** References as they stand in a configuration. */
import { isSecretRef, type SecretReference } from "../../contracts/secret-ref.ts";
import type { Segment } from "../config/index.ts";

export interface FoundRef {
  readonly path: readonly Segment[];
  readonly ref: SecretReference;
}

/** Every value of the form of a reference, outermost first. */
export function findRefs(value: unknown, path: readonly Segment[] = []): FoundRef[] {
  if (value === null || typeof value !== "object") return [];
  if (isSecretRef(value)) return [{ path, ref: value }];
  if (Array.isArray(value)) return value.flatMap((item, at) => findRefs(item, [...path, at]));
  return Object.entries(value).flatMap(([key, item]) => findRefs(item, [...path, key]));
}

const ALIAS = /^[a-z][a-z0-9_-]{0,63}$/;
const IDS = {
  env: /^[A-Z][A-Z0-9_]{0,127}$/,
  file: /^(?:value|\/(?:[^~]|~[01])*)$/su,
  exec: /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,255}$/,
};

/** What is wrong with how a reference is written; undefined when nothing is. */
export function malformed({ source, id }: SecretReference, provider: string): string | undefined {
  if (!ALIAS.test(provider)) return `${JSON.stringify(provider)} is not the name of a provider`;
  const fits =
    IDS[source].test(id) && !(source === "exec" && id.split("/").some((part) => part === "." || part === ".."));
  return fits ? undefined : `${JSON.stringify(id)} is not an id of kind ${source}`;
}
