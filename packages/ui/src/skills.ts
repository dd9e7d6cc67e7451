/** The skills' own part of the page: loaded when it is first opened. */
import "./styles/settings.css";
import "./styles/skills.css";
export { SkillsPage } from "./components/skills/page.tsx";
export { createSkills } from "./state/skills.ts";
