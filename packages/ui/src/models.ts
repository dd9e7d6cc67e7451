/** The models' own part of the page: loaded when it is first opened. */
import "./styles/settings.css";
import "./styles/skills.css";
import "./styles/models.css";
export { ModelsPage } from "./components/models/page.tsx";
export { createModels } from "./state/models.ts";
