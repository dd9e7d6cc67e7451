/** What the thread is called, and how it knows what it is for. */
export const ROLE = "media";
