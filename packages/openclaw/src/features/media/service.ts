import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { sizeText } from "./_size.ts";
import { errors } from "./errors.ts";
import { MODEL_PICTURE, Media } from "./index.ts";
import type { MediaService } from "./index.ts";

export const services = [provide(Media, makeMedia)];

/** Nothing of it is loaded before a file comes in. */
function makeMedia({ use, platform, scope }: ServiceContext): MediaService {
  const { clock } = platform;
  const log = platform.log.for("media");
  const files = lazy(async () => new (await import("./_store.ts")).MediaFiles(platform.paths.state));
  // Documents have a thread of their own: one that goes round in circles ends without a picture.
  const thread = (label: string) =>
    lazy(async () => {
      const host = new (await import("./_thread/host.ts")).MediaThread({ clock, log });
      scope.add(label, () => host.close());
      return host;
    });
  const pictures = thread("pictures");
  const documents = thread("documents");
  return {
    fit: async (data, limits = MODEL_PICTURE) => (await import("./_fit.ts")).fit(pictures, data, limits),
    pdfText: async (asked) => (await import("./_pdf-text.ts")).pdfText(documents, asked),
    keep: async (incoming) => (await files()).keep({ ...incoming, at: clock.now() }),
    async find(idOrRef) {
      const store = await files();
      return store.find(store.idOf(idOrRef) ?? idOrRef);
    },
    read: async ({ id, bytes }) => (await files()).read(id, bytes),
    stage: async (media, workspace) => (await import("./_stage.ts")).stage(await files(), media, workspace),
    tooLarge: (bytes, maxBytes) => errors.INBOUND_TOO_LARGE({ size: sizeText(bytes), limit: sizeText(maxBytes) }),
    async understand(given, situation) {
      if (!given.some(({ kind }) => kind !== "document")) return undefined;
      const { understand } = await import("./_understand/understand.ts");
      return understand({ use, platform, log, files: await files(), pictures }, given, situation);
    },
    transcribe: async (path, wanted) =>
      (await import("./_understand/transcribe.ts")).transcribe({ use, platform, log, pictures }, path, wanted),
    ears: async (of) => (await import("./_understand/transcribe.ts")).ears({ use, platform, log, pictures }, of),
    sweep: async () => (await files()).sweep(clock.now()),
  };
}

/** Made by the first who asks. */
function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
