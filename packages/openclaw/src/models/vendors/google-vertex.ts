import { defineVendor } from "../../contracts/model.ts";
import { geminiModels } from "./_gemini.ts";

export const vendor = defineVendor({
  id: "google-vertex",
  label: "Google Vertex AI",
  api: "google-vertex",
  baseUrl: "https://aiplatform.googleapis.com",
  baseUrlFrom: (env) => {
    const location = env["GOOGLE_CLOUD_LOCATION"];
    return location && location !== "global" ? `https://${location}-aiplatform.googleapis.com` : undefined;
  },
  keyEnv: ["GOOGLE_CLOUD_API_KEY"],
  ambient: [
    ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"],
    ["GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"],
  ],
  documents: true,
  auth: [
    {
      id: "google-vertex",
      label: "Credentials of gcloud on this machine",
      kind: "none",
      defaultModel: "gemini-3.1-pro-preview",
    },
  ],
  note: "Uses the application default credentials of gcloud, with `GOOGLE_CLOUD_PROJECT` and `GOOGLE_CLOUD_LOCATION`.",
  models: geminiModels,
});
