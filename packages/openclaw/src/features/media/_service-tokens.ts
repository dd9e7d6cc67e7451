import { token } from "../../contracts/service.ts";
import type { MediaService } from "./index.ts";

export const Media = token<MediaService>("media");
