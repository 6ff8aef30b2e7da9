import type { LimiterHost, Process, Resource } from "../../contract/index.ts";
import { imaginaryHost } from "./check.ts";

/** A machine in memory, as a limiter sees it, and what the limiter has done there. */
export interface ImaginaryMachine {
  readonly host: LimiterHost;
  /** Programs that were launched and not stopped. */
  running(): number;
  /** Folders that were made, not removed, and are not on the clean-up list either. */
  forgotten(): string[];
}

/** More than any kernel gives, so that a signal to it reaches nobody. */
const nobody = 2 ** 22 + 1;

/** Nothing is installed, nobody is root, nothing may be written; a program can be launched, but not limited. */
export function machineWithoutRights(): ImaginaryMachine {
  const refused = async () => {
    throw new Error("EACCES: permission denied");
  };
  const rights = { controlGroup: refused, writeText: refused, makeDir: refused, removeDir: refused };
  return machine({ ...imaginaryHost(false), root: false, ...rights });
}

/** Everything is installed and allowed, but no program can be launched. */
export function machineWithoutPrograms(cgroupVersion: "v1" | "v2"): ImaginaryMachine {
  return machine({
    ...imaginaryHost(true),
    cgroupVersion,
    probe: async () => ({ code: 0, stdout: "", stderr: "" }),
    launch: async () => {
      throw new Error("no program can be started on this machine");
    },
  });
}

function machine(abilities: Partial<LimiterHost>): ImaginaryMachine {
  const folders = new Set<string>();
  const owned = new Set<Resource>();
  let names = 0;
  let running = 0;
  const host: LimiterHost = {
    ...imaginaryHost(true),
    async launch() {
      running++;
      return imaginaryProcess(() => running--);
    },
    controlGroup: async () => ({ usage: async () => ({}), limits: async () => ({}) }),
    writeText: async () => {},
    makeDir: async (path) => void folders.add(path),
    removeDir: async (path) => void folders.delete(path),
    own(resource) {
      owned.add(resource);
      return () => void owned.delete(resource);
    },
    uniqueName: () => `proxy-lab-0-${names++}`,
    ...abilities,
    // Clients that look here for their daemon find none; one that is really on this machine is not to be disturbed.
    env: { DOCKER_HOST: "unix:///nonexistent/docker.sock" },
  };
  return {
    host,
    running: () => running,
    forgotten() {
      const listed = new Set([...owned].map((resource) => ("path" in resource ? resource.path : "")));
      return [...folders].filter((path) => !listed.has(path));
    },
  };
}

function imaginaryProcess(onEnd: () => void): Process {
  const { promise: exited, resolve } = Promise.withResolvers<{ signal: string }>();
  let ended = false;
  return {
    pid: nobody,
    exited,
    tail: () => "",
    async stop() {
      if (!ended) onEnd();
      ended = true;
      resolve({ signal: "SIGTERM" });
    },
  };
}
