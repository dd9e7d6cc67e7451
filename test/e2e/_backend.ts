/** A gateway for a browser test. */
export interface Backend {
  readonly kind: "fake" | "real";
  /** `http://localhost:<port>`: a secure context, so that the page can keep its key. */
  readonly origin: string;
  readonly token: string;
  /** State directory of a real one. */
  readonly state?: string;
  /** Ends the gateway; its state stays. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same state. */
  start(): Promise<void>;
  close(): Promise<void>;
}
