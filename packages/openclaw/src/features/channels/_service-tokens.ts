import { token } from "../../contracts/service.ts";
import type { ChannelsService } from "./index.ts";

export const Channels = token<ChannelsService>("channels");
