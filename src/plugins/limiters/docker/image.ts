import type { Host, Launch, PluginOptions } from "../../../core/contract/index.ts";
import { imageOption } from "./choice.ts";
import { type HostSystem, hostImageName, readHostSystem } from "./hostImage.ts";

/** Where the program of a container comes from. */
export interface ImageSource {
  readonly image: string;
  /** Set when the image is only a skeleton and the machine's own system folders fill it. */
  readonly system?: HostSystem;
}

/** The image for one start. */
export async function imageFor(launch: Launch, host: Host, options: PluginOptions): Promise<ImageSource> {
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
