import type { Host, Launch, PluginOptions, Program } from "../../../core/contract/index.ts";
import { type HostSystem, hostImageName, readHostSystem } from "./hostImage.ts";

/** `kernel`: from the control group's files. `api`: the figures that the daemon gives. */
export type Counters = "kernel" | "api";

/** The choice of `imageSource` in plugins.json; absent means: the host's program where there is one, else the official image. */
export function imageOption({ imageSource }: PluginOptions): string | undefined {
  if (imageSource === undefined) return undefined;
  if (typeof imageSource === "string" && imageSource !== "") return imageSource;
  throw new Error('imageSource must be "host", "official" or the name of an image');
}

/** The choice of `counters` in plugins.json; absent means: the kernel's where they can be read, else the daemon's. */
export function countersOption({ counters }: PluginOptions): Counters | undefined {
  if (counters === undefined || counters === "kernel" || counters === "api") return counters;
  throw new Error(`counters must be "kernel" or "api", not ${JSON.stringify(counters)}`);
}

/** The image to take a program from; `undefined` for the program of this machine. */
export function imageOf(program: Program, onHost: boolean, options: PluginOptions): string | undefined {
  const choice = imageOption(options) ?? (onHost || program.image === undefined ? "host" : "official");
  if (choice === "host") return undefined;
  if (choice !== "official") return choice;
  if (program.image !== undefined) return program.image;
  throw new Error(
    `the plugin of ${program.executables[0]} names no container image: name one as imageSource, or "host"`,
  );
}

/** Where the program of a container comes from. */
export interface ImageSource {
  readonly image: string;
  /** Set when the image is only a skeleton and the machine's own system folders fill it. */
  readonly system?: HostSystem;
}

/** The image for one start. */
export async function imageSourceFor(launch: Launch, host: Host, options: PluginOptions): Promise<ImageSource> {
  const choice = imageOption(options) ?? (launch.executable ? "host" : "official");
  if (choice === "host") {
    if (!launch.executable) {
      throw new Error(`${launch.name} is not installed on this machine: imageSource "host" needs it`);
    }
    const system = await readHostSystem(host);
    return { image: hostImageName(system), system };
  }
  if (choice !== "official") return { image: choice };
  if (!launch.image) {
    throw new Error(`the plugin of ${launch.name} names no container image: install ${launch.name} here`);
  }
  return { image: launch.image };
}
