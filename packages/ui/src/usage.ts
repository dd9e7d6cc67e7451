/** The usage's own part of the page: loaded when it is first opened. */
import "./styles/settings.css";
import "./styles/usage.css";
export { UsagePage } from "./components/usage/page.tsx";
export { createUsage } from "./state/usage.ts";
