import type { Host, Launch, OptionsOf, OptionsSchema, PluginOptions, Program } from "../../../core/contract/index.ts";
import { type HostSystem, hostImageName, readHostSystem } from "./hostImage.ts";

export const dockerOptions = {
  imageSource: {
    type: "text",
    meaning:
      "host: the program installed here, in an image that has no files of its own; official: the image that the proxy plugin names; or the name of an image; unset: host for what is installed here, else official",
  },
  counters: {
    type: "choice",
    choices: ["kernel", "api"],
    meaning:
      "kernel: the files of the control group; api: the figures of the daemon; unset: the kernel's where they can be read",
  },
} as const satisfies OptionsSchema;

export type DockerOptions = OptionsOf<typeof dockerOptions>;

/** The image to take a program from; `undefined` for the program of this machine. */
export function imageOf(program: Program, onHost: boolean, options: PluginOptions): string | undefined {
  const { imageSource }: DockerOptions = options;
  const choice = imageSource ?? (onHost || program.image === undefined ? "host" : "official");
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
  const { imageSource }: DockerOptions = options;
  const choice = imageSource ?? (launch.executable ? "host" : "official");
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
