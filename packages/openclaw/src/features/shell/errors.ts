import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  EXEC_COMMAND_INVALID: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `The parameter command ${reason}.`,
    remedy: "Put long scripts into a file and run that.",
  }),
  EXEC_ENV_FORBIDDEN: fault<{ names: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ names }) => `The parameter env must not set ${names.join(", ")}: it loads code or redirects programs.`,
    remedy: "Leave it out; folders for PATH belong into tools.exec.pathPrepend.",
  }),
  EXEC_PTY_UNAVAILABLE: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Commands cannot have a terminal (pty) on this machine: it lacks the program script.",
    remedy: "Run it without pty, with the program's non-interactive options.",
  }),
  EXEC_INTERACTIVE_LOGIN: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "`openclaw channels login` needs a person at a terminal.",
    remedy: "Ask the owner to run it.",
  }),
  EXEC_TOO_MANY: fault<{ max: number }>({
    status: 429,
    rpc: "UNAVAILABLE",
    say: ({ max }) => `${max} commands of this agent are running already.`,
    remedy: "End some with the tool process (action kill), or wait for them.",
    retryable: true,
  }),
  PROCESS_UNKNOWN: fault<{ sessionId: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ sessionId }) => `There is no command with the sessionId "${sessionId}".`,
    remedy: "Use the action list to see which there are; finished ones are forgotten after a while.",
  }),
  PROCESS_PARAM: fault<{ name: string; action: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name, action }) => `The action ${action} needs the parameter ${name}.`,
    remedy: "Call it again with that parameter.",
  }),
  PROCESS_NO_INPUT: fault<{ sessionId: string; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ sessionId, reason }) => `The command ${sessionId} takes no input: ${reason}.`,
    remedy: "Start commands that need input with background: true or pty: true.",
  }),
  PROCESS_KEY_UNKNOWN: fault<{ key: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `The key "${key}" needs a terminal, which this command does not have.`,
    remedy: "Start the command with pty: true, or use write, C-d to end the input, or kill.",
  }),
  PROCESS_RUNNING: fault<{ sessionId: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ sessionId }) => `The command ${sessionId} is still running.`,
    remedy: "Use kill or remove.",
  }),
  EXEC_SWITCHED_OFF: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "Running commands is switched off (tools.exec.security is deny).",
    remedy: "Change it in openclaw.json.",
  }),
});
