import { useEffect } from "preact/hooks";
import { useApp } from "../state/app.ts";
import { Login } from "./login.tsx";
import { Shell } from "./shell.tsx";
import { Splash } from "./splash.tsx";

/** Which of the three faces stands: logging in, first connection, the page itself. */
export function App() {
  const { connection, conversation } = useApp();
  const link = connection.link.value;
  const phase = link.phase;
  useEffect(() => document.documentElement.setAttribute("data-phase", phase), [phase]);
  if (phase === "login")
    return <Login {...(link.problem === undefined ? {} : { problem: link.problem })} busy={link.busy === true} />;
  const wasOpen = phase === "open" || (phase === "away" && link.hello !== undefined);
  return wasOpen && conversation.key.value !== "" ? <Shell /> : <Splash />;
}
