/** Texts of the skills, loaded with them. */
export const enSkills = {
  title: "Skills",
  menu: "Show conversations",
  lead: "What the assistant knows how to do. It reads a skill when a request calls for it; put your own into {path}.",
  agent: "Agent",
  search: "Find a skill",
  loading: "Looking for skills…",
  retry: "Try again",
  none: "No skill matches.",
  "read-only": "You can look but not change anything: this browser has no administrator rights (operator.admin).",

  ready: "Ready",
  missing: "Missing something",
  off: "Switched off or not allowed",
  broken: "Broken: left out",

  "needs.os": "the system {names}",
  "needs.bins": "{names} installed",
  "needs.anyBins": "one of {names} installed",
  "needs.env": "the variable {names}",
  "needs.config": "the setting {names}",
  needs: "Needs {list}.",
  and: " and ",
  blocked: "Not in the list of allowed skills.",
  disabled: "Switched off.",

  use: "Use {name}",
  file: "File",
  command: "Command",
  homepage: "More",
  get: "To get it",
  key: "Key ({name})",
  "key.set": "Set. It is never shown.",
  "key.type": "Paste the key",
  "key.save": "Save the key",
  "key.remove": "Remove",
  "key.saved": "The key of {name} is saved.",
  "key.removed": "The key of {name} is removed.",

  "source.openclaw-workspace": "workspace",
  "source.agents-skills-project": "workspace",
  "source.agents-skills-personal": "yours",
  "source.openclaw-managed": "yours",
  "source.openclaw-extra": "extra folder",
} as const;

export type SkillsKey = keyof typeof enSkills;
