/** Keys of `agents.defaults.sandbox`. */
import {
  flag,
  maybeAmount,
  maybeFlag,
  maybeListOf,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeSecret,
  maybeText,
  maybeWhole,
  maybeWords,
  part,
  pick,
  port,
  text,
  whole,
  words,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";

const size = (description: string) => Type.Optional(Type.Union([Type.String(), Type.Number()], { description }));
const ulimit = Type.Union([Type.Integer(), Type.String(), closed({ soft: Type.Integer(), hard: Type.Integer() })]);

const docker = part(
  {
    image: text("openclaw-sandbox:bookworm-slim", "Image"),
    containerPrefix: text("openclaw-sbx-", "Beginning of the names of containers"),
    workdir: text("/workspace", "Folder that commands run in"),
    readOnlyRoot: flag(true, "Nothing outside of mounts can be written"),
    tmpfs: words(["/tmp", "/var/tmp", "/run"], "Folders in memory"),
    network: text("none", "`none`, `bridge`, or a network of your own; never `host`"),
    user: maybeText("User and group, such as 1000:1000; absent = that of the image"),
    capDrop: words(["ALL"], "Capabilities taken away"),
    env: maybeMapOf(Type.String(), "Variables; those of the gateway are not handed on"),
    setupCommand: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: "Command run once in a new container; installing needs network, a writable root and user root",
      }),
    ),
    pidsLimit: maybeWhole("Most processes"),
    memory: size("Most memory, such as 1g"),
    memorySwap: size("The same with swap"),
    cpus: maybeAmount("Most processors"),
    ulimits: maybeMapOf(ulimit, "Limits by name"),
    seccompProfile: maybeText("File of a seccomp profile"),
    apparmorProfile: maybeText("Name of an AppArmor profile"),
    dns: maybeWords("Name servers"),
    extraHosts: maybeWords("Names and addresses, `name:address`"),
    binds: maybeWords("Folders of this machine, `here:there[:ro]`; those of an agent are added"),
    gpus: maybeText("Graphics cards, such as `all`"),
    securityOpt: maybeWords("Security options"),
    dangerouslyAllowReservedContainerTargets: flag(false, "Let binds cover the sandbox's own folders"),
    dangerouslyAllowExternalBindSources: flag(false, "Let binds come from outside the workspace"),
    dangerouslyAllowContainerNamespaceJoin: flag(false, "Let `network` join another container"),
  },
  "Docker",
);

const browser = part(
  {
    enabled: flag(false, "Give sandboxes a browser"),
    image: text("openclaw-sandbox-browser:bookworm-slim", "Image"),
    containerPrefix: text("openclaw-sbx-browser-", "Beginning of the names of containers"),
    network: text("openclaw-sandbox-browser", "Network of the containers"),
    cdpPort: port(9222, "Port of the DevTools protocol in the container"),
    cdpSourceRange: maybeText("Addresses that may reach it, such as 172.21.0.0/16"),
    vncPort: port(5900, "Port of VNC in the container"),
    noVncPort: port(6080, "Port of noVNC in the container"),
    headless: flag(false, "Run without windows"),
    enableNoVnc: flag(true, "Let one watch it in a web page"),
    binds: maybeWords("Folders of this machine, `here:there[:ro]`"),
    allowHostControl: flag(false, "Let sandboxed sessions use the browser of this machine"),
    allowedControlUrls: maybeWords("Browsers elsewhere that may be used; absent = any"),
    allowedControlHosts: maybeWords("Hosts of such browsers; absent = any"),
    allowedControlPorts: maybeListOf(
      Type.Integer({ minimum: 1, maximum: 65_535 }),
      "Ports of such browsers; absent = any",
    ),
    autoStart: flag(true, "Start the container when it is needed"),
    autoStartTimeoutMs: whole(12_000, "Longest start, ms", { minimum: 1 }),
  },
  "Browser in the sandbox",
);

const ssh = maybePart(
  {
    target: maybeText("Machine, `user@host[:port]`"),
    command: maybeText("Program; default ssh"),
    workspaceRoot: maybeText("Folder there"),
    strictHostKeyChecking: maybeFlag("Refuse machines whose key is not known"),
    updateHostKeys: maybeFlag("Take over changed keys"),
    identityFile: maybeText("File of the private key"),
    identityData: maybeSecret("The private key itself"),
    certificateFile: maybeText("File of the certificate"),
    certificateData: maybeSecret("The certificate itself"),
    knownHostsFile: maybeText("File of known machines"),
    knownHostsData: maybeSecret("Known machines themselves"),
  },
  "A machine elsewhere",
);

export const sandbox = part(
  {
    mode: pick(["off", "non-main", "all"], "off", "Sessions that run in a sandbox; `non-main` = all but the main one"),
    scope: maybePick(["session", "agent", "shared"], "What shares a sandbox; default `agent`"),
    perSession: maybeFlag("Older form of `scope`: true = session, false = shared"),
    workspaceAccess: pick(["none", "ro", "rw"], "none", "What the sandbox sees of the workspace"),
    workspaceRoot: maybeText("Folder of the sandboxes' own workspaces; default `sandboxes` in the state directory"),
    backend: text("docker", "`docker`, `ssh` or `openshell`"),
    ssh,
    sessionToolsVisibility: pick(["spawned", "all"], "spawned", "Sessions that session tools see from inside"),
    docker,
    browser,
    prune: part(
      { idleHours: whole(24, "Hours without use; 0 = never"), maxAgeDays: whole(7, "Days of life; 0 = never") },
      "When containers are removed",
    ),
  },
  "Running tools apart from this machine",
);

/** Dotted paths below a `sandbox` that hold secrets. */
export const SANDBOX_SECRETS = ["ssh.identityData", "ssh.certificateData", "docker.env.*"];
