/** What an address says about who answers there. */
import type { Vendor } from "../contracts/model.ts";

/** Where resources of Azure serve OpenAI's models. */
const AZURE = [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"];

/** The vendor's own host, where its own extras may be used. */
export function isNative(baseUrl: string): boolean {
  const host = hostOf(baseUrl);
  return (
    host === "api.openai.com" ||
    host === "api.anthropic.com" ||
    AZURE.some((domain) => host?.endsWith(domain)) ||
    (host === "chatgpt.com" && new URL(baseUrl).pathname.startsWith("/backend-api"))
  );
}

/** This machine or its network: a server there usually wants no key. */
export function isLocal(baseUrl: string): boolean {
  const host = hostOf(baseUrl);
  if (host === undefined) return false;
  if (!host.includes(".") && !host.includes(":")) return true;
  return (
    host === "[::1]" ||
    host.endsWith(".local") ||
    host.endsWith(".internal") ||
    host.endsWith(".localhost") ||
    /^(?:127|10)\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host)
  );
}

/** A place of the vendor's: one of its hosts, or another of the same domain (regions). */
export function ownPlace(baseUrl: string, vendor: Vendor): boolean {
  if (vendor.baseUrl === "") return true;
  const own = [vendor.baseUrl, ...(vendor.auth ?? []).map((choice) => choice.baseUrl ?? "")];
  return own.some((address) => siteOf(address) !== undefined && siteOf(address) === siteOf(baseUrl));
}

/** The last two labels of a name; numbers and names of one label stand for themselves. */
function siteOf(url: string): string | undefined {
  const host = hostOf(url);
  return host === undefined || /^[\d.]+$|:/.test(host) ? host : host.split(".").slice(-2).join(".");
}

export function sameHost(a: string, b: string): boolean {
  const host = hostOf(a);
  return host !== undefined && host === hostOf(b);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
