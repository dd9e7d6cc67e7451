/** The Control UI's files: a page that routes itself, assets that never change, nothing outside the folder. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { info, readBytes } from "../../base/files.ts";
import { sha256 } from "../../base/ids.ts";
import { send, sendText } from "../../base/reply.ts";
import { notFound } from "./reply.ts";

export interface UiSettings {
  /** Absolute folder; undefined when there are no assets. */
  readonly root: string | undefined;
  /** Without trailing slash; empty for the root. */
  readonly basePath: string;
  readonly externalEmbeds: boolean;
}

const MAX_FILE_BYTES = 32 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** Places that belong to APIs and are never answered with the page, at the root. */
const RESERVED = /^\/(?:api|v1|plugins|__openclaw__|\.well-known)(?:\/|$)|^\/(?:metrics|mcp)(?:\/|$)/;

/** Content of the page and a number for it, so that a page can tell that it is out of date. */
export interface UiIndex {
  readonly html: Buffer;
  readonly buildId: string;
  /** Digests of the scripts that stand in the page itself, as a policy names them. */
  readonly inline: readonly string[];
}

export class StaticUi {
  readonly #settings: UiSettings;
  #index: { readonly mtimeMs: number; readonly page: UiIndex } | undefined;

  constructor(settings: UiSettings) {
    this.#settings = settings;
  }

  /** Answers GET and HEAD of a raw pathname; everything else is not found. */
  async answer(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const { basePath } = this.#settings;
    if (request.method !== "GET" && request.method !== "HEAD") return notFound(response);
    if (basePath !== "" && pathname === basePath) return redirect(request, response, `${basePath}/`);
    if (!pathname.startsWith(`${basePath}/`)) return notFound(response);
    const inside = pathname.slice(basePath.length);
    if (basePath === "" && RESERVED.test(inside)) return notFound(response);
    this.#headers(response);
    const page = await this.index();
    if (page === undefined) return sendText(response, 503, "The Control UI has not been built.");
    const path = filePath(inside);
    if (path === undefined) return notFound(response);
    if (path !== "index.html" && (await this.#file(request, response, path))) return;
    if (path !== "index.html" && extname(path) in TYPES && extname(path) !== ".html") return notFound(response);
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("Vary", "Accept-Encoding");
    response.setHeader("Content-Security-Policy", this.#policy(page.inline));
    send(response, 200, TYPES[".html"] ?? "", page.html);
  }

  /** The page with the base path in it; undefined when there are no assets. */
  async index(): Promise<UiIndex | undefined> {
    const { root, basePath } = this.#settings;
    if (root === undefined) return undefined;
    const path = join(root, "index.html");
    const found = await info(path);
    if (found === undefined || !found.isFile) return undefined;
    if (this.#index?.mtimeMs === found.mtimeMs) return this.#index.page;
    const raw = (await readBytes(path, MAX_FILE_BYTES))?.toString("utf8") ?? "";
    const buildId = sha256(raw).slice(0, 12);
    const html = placed(raw, basePath, buildId);
    const page = { html: Buffer.from(html), buildId, inline: inlineScripts(html) };
    this.#index = { mtimeMs: found.mtimeMs, page };
    return page;
  }

  /** Sends a file, compressed when it lies there compressed. False when there is none. */
  async #file(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const { root = "" } = this.#settings;
    const whole = join(root, path);
    const found = await info(whole);
    if (found === undefined || !found.isFile) return false;
    const modified = Math.floor(found.mtimeMs / 1000) * 1000;
    const hashed = path.startsWith("assets/");
    response.setHeader("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    response.setHeader("Vary", "Accept-Encoding");
    response.setHeader("Last-Modified", new Date(modified).toUTCString());
    if (Date.parse(request.headers["if-modified-since"] ?? "") >= modified) {
      response.statusCode = 304;
      response.end();
      return true;
    }
    const body = (await this.#compressed(request, response, whole)) ?? (await readBytes(whole, MAX_FILE_BYTES));
    if (body === undefined) return false;
    send(response, 200, TYPES[extname(path)] ?? "application/octet-stream", body);
    return true;
  }

  async #compressed(request: IncomingMessage, response: ServerResponse, path: string): Promise<Buffer | undefined> {
    const accepted = String(request.headers["accept-encoding"] ?? "")
      .split(",")
      .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
      .map((part) => part.trim().split(";")[0]);
    for (const [encoding, suffix] of [
      ["br", ".br"],
      ["gzip", ".gz"],
    ] as const) {
      if (!accepted.includes(encoding)) continue;
      const body = await readBytes(`${path}${suffix}`, MAX_FILE_BYTES);
      if (body === undefined) continue;
      response.setHeader("Content-Encoding", encoding);
      return body;
    }
    return undefined;
  }

  #policy(inline: readonly string[] = []): string {
    const frames = this.#settings.externalEmbeds ? "frame-src 'self' https:" : "frame-src 'self'";
    const policy = [
      "default-src 'self'",
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      frames,
      ["script-src 'self'", ...inline].join(" "),
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "media-src 'self' data: blob:",
      "font-src 'self'",
      "worker-src 'self'",
      "connect-src 'self' ws: wss:",
    ];
    return policy.join("; ");
  }

  #headers(response: ServerResponse): void {
    response.setHeader("Content-Security-Policy", this.#policy());
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader(
      "Permissions-Policy",
      "camera=(self), microphone=(self), geolocation=(self), clipboard-write=(self)",
    );
  }
}

/**
 * The file that a raw pathname names, relative to the folder. Undefined for anything that could
 * lead out of it: only plain names pass, decoded once.
 */
function filePath(pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const names = decoded.split("/").filter((name) => name !== "");
  if (names.length === 0) return "index.html";
  // The page's own routes may hold session keys, so names are taken widely; dots and separators are not.
  const plain = names.every((name) => !name.startsWith(".") && !/[\\\0]/.test(name) && name.length <= 255);
  return plain && names.length <= 16 ? names.join("/") : undefined;
}

function redirect(request: IncomingMessage, response: ServerResponse, to: string): void {
  const query = (request.url ?? "").indexOf("?");
  response.setHeader("Location", query < 0 ? to : `${to}${(request.url ?? "").slice(query)}`);
  sendText(response, 302, "Found");
}

/** The page as it must look below `basePath`: addresses of assets and the data that scripts read. */
function placed(html: string, basePath: string, buildId: string): string {
  const attributes = ` data-base-path="${escapeAttribute(basePath)}" data-build-id="${buildId}"`;
  return html
    .replace(/<html\b/i, (tag) => `${tag}${attributes}`)
    .replace(/\b(src|href)="\.?\/(?!\/)/g, (_, name: string) => `${name}="${escapeAttribute(basePath)}/`);
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}

function inlineScripts(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*\ssrc\s*=)[^>]*>([\s\S]*?)<\/script>/gi);
  return [...scripts].map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
}
