/** Common name by which a certificate that the gateway made is known again. */
export const COMMON_NAME = "OpenClaw gateway";
