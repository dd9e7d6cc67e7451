import { render } from "preact";
import { App } from "./components/app.tsx";
import { AppProvider, createApp } from "./state/app.ts";
import "./styles/index.css";

const app = createApp(__VERSION__, import.meta.url);
const root = document.getElementById("app");
if (root !== null) {
  render(
    <AppProvider value={app}>
      <App />
    </AppProvider>,
    root,
  );
}
