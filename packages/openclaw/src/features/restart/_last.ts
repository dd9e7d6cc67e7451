/** Where the latest sentinel is remembered. */
export const LAST = { space: "restart", key: "last" } as const;
