/** The settings' own part of the page: loaded when it is first opened. */
import "./styles/settings.css";
export { SettingsPage } from "./components/settings/page.tsx";
export { createSettings } from "./state/settings.ts";
