/** `browser`: the browser that the assistant drives. */
import { closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  COLOR,
  flag,
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybePick,
  maybePort,
  maybeText,
  part,
  text,
  whole,
  words,
} from "../../contracts/config-kinds.ts";

const CDP_URL = {
  pattern: "^(https?|wss?)://",
  hint: "an address that begins with http://, https://, ws:// or wss://",
};
const LAUNCH = { minimum: 1, maximum: 120_000 };

const profile = closed({
  cdpPort: maybePort("Port of its DevTools protocol on this machine; absent means one from 18800"),
  cdpUrl: maybeText("DevTools address of a browser elsewhere, which is only attached to", CDP_URL),
  color: maybeText("Colour that marks its windows", COLOR),
  driver: maybePick(
    ["openclaw", "extension", "existing-session"],
    "Who runs it: the gateway, an extension in your browser, or your browser as it is; absent means `openclaw`",
  ),
  attachOnly: maybeFlag("Never start it, only attach"),
  headless: maybeFlag("Run without windows"),
  executablePath: maybeText("Program to start"),
  userDataDir: maybeText("Folder of its cookies and settings"),
});

const tabCleanup = part(
  {
    enabled: flag(true, "Close tabs that are no longer used"),
    idleMinutes: whole(120, "Minutes without use after which a tab is closed"),
    maxTabsPerSession: whole(8, "Tabs that one session may keep"),
    sweepMinutes: whole(5, "How often it is looked for such tabs, minutes", { minimum: 1 }),
  },
  "Closing of tabs",
);

const ssrfPolicy = part(
  {
    dangerouslyAllowPrivateNetwork: flag(false, "Open pages of private networks"),
    allowPrivateNetwork: maybeFlag("Older name of `dangerouslyAllowPrivateNetwork`"),
    hostnameAllowlist: words([], "Names that may be opened, with `*` for any characters; empty means all public ones"),
    allowedHostnames: words([], "Private names that may be opened all the same"),
  },
  "Which addresses may be opened",
);

const browserSection = defineConfig({
  path: "browser",
  summary: "The browser that the assistant drives: profiles, start, limits.",
  reload: "restart:browser",
  schema: closed({
    enabled: flag(true, "Let the assistant use a browser"),
    evaluateEnabled: flag(true, "Let it run scripts in pages"),
    cdpUrl: maybeText(
      "DevTools address of the one browser of older files; profiles with only a port take its host",
      CDP_URL,
    ),
    defaultProfile: text("openclaw", "Profile meant when none is named", { minLength: 1 }),
    profiles: maybeMapOf(profile, "Browsers by name; `openclaw`, `chrome` and `user` are there without an entry"),
    color: text("#FF4500", "Colour that marks the windows of the assistant's browser", COLOR),
    headless: flag(false, "Run without windows"),
    noSandbox: flag(false, "Start Chromium without its sandbox; some containers need it"),
    attachOnly: flag(false, "Never start a browser, only attach to a running one"),
    executablePath: maybeText("Program to start; absent means the first Chromium-based browser found"),
    extraArgs: words([], "Further arguments of the program"),
    remoteCdpTimeoutMs: whole(1500, "Longest check of a browser elsewhere, ms", { minimum: 1 }),
    remoteCdpHandshakeTimeoutMs: whole(3000, "Longest connecting to a browser elsewhere, ms", { minimum: 1 }),
    localLaunchTimeoutMs: whole(15_000, "Longest start of a browser here, ms", LAUNCH),
    localCdpReadyTimeoutMs: whole(8000, "Longest wait until a started browser answers, ms", LAUNCH),
    actionTimeoutMs: whole(60_000, "Longest action in a page, ms", { minimum: 1 }),
    tabCleanup,
    ssrfPolicy,
    relayBindHost: maybeText("No longer used: address of the relay of the browser extension"),
    snapshotDefaults: maybePart(
      { mode: maybePick(["efficient"], "`efficient` gives the assistant shorter pictures of pages") },
      "How pages are shown to the assistant",
    ),
  }),
});

export const config = [browserSection];
