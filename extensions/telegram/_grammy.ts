/**
 * grammY's build without node-fetch. While it is loaded it looks for a browser's `localStorage`, and
 * Node's own prints a warning when somebody looks at it: for that moment there is none.
 */
import type * as Grammy from "grammy/web";

export type { ApiClientOptions } from "grammy/web";

export const { Api, GrammyError, HttpError, InputFile } = await withoutWebStorage(() => import("grammy/web"));
export type RawApi = Grammy.Api["raw"];

async function withoutWebStorage(load: () => Promise<typeof Grammy>): Promise<typeof Grammy> {
  const own = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  if (own?.configurable !== true) return load();
  Object.defineProperty(globalThis, "localStorage", { value: undefined, configurable: true });
  try {
    return await load();
  } finally {
    Object.defineProperty(globalThis, "localStorage", own);
  }
}
