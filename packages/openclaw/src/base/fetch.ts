/** The one place from which HTTP requests leave. */

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Until the response headers have arrived. */
  readonly connectTimeoutMs: number;
  /** Bytes of body that may be read; more fails the read. */
  readonly maxBytes: number;
  /**
   * Which destinations are legal. `{ origin }`: exactly that scheme, host and port, private or not
   * (a configured server), except link-local and cloud-metadata addresses. `public`: only public addresses.
   */
  readonly egress: "public" | { readonly origin: string };
}

/** Egress-guarded fetch. Redirects are re-checked, DNS is pinned to the address that was checked. */
export type Fetch = (url: string, options: FetchOptions) => Promise<Response>;
