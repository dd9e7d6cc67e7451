/** What stands beside the conversation, loaded when it is first opened. */
import "./styles/panel.css";
export { PanelView } from "./components/panel/view.tsx";
export { createContextReader } from "./state/context-reader.ts";
export { createRunReader } from "./state/run-reader.ts";
