/** The door of logins: what set-up by questions needs of them. */
export { login } from "./_login.ts";
export { ask, isThere, secret } from "./_terminal.ts";
