import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, realpath, rm, rmdir, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as contract from "../contract/index.ts";
import { withoutAbsent } from "../domain/absent.ts";
import { isAccessible } from "./access.ts";
import { probe } from "./command.ts";
import { controlGroup } from "./kernel/cgroup.ts";
import { allowedCores } from "./kernel/cores.ts";
import type { Found } from "./launcher.ts";
import type { Ledger } from "./ledger.ts";
import { type CapturedProcess, type StartOptions, startProcess } from "./start.ts";
import { toolDirs } from "./toolDirs.ts";

/** A large program on a busy machine may take long to say its version. Within the time that a plugin has to detect. */
const versionTimeoutMs = 9_000;
/** A process that has ended may be in its control group for a moment yet. */
const busyWaitMs = 100;
const busyPollMs = 5;

/** A folder for the files of one process. */
export interface ScratchDir {
  readonly path: string;
  /** Name of the process for what it shares by name with its children; see `ProxySetup`. */
  readonly instance: string;
  /** Deletes the folder, and shared memory of the instance that a killed process left. */
  remove(): Promise<void>;
}

/** This machine, as the lab and its limiters use it. */
export class LocalHost implements contract.LimiterHost {
  readonly platform = process.platform;
  readonly cores = availableParallelism();
  /** Ids of these cores. */
  readonly coreIds: readonly number[] = allowedCores().slice(0, this.cores);
  readonly memoryBytes = totalmem();
  readonly root = process.geteuid?.() === 0;
  readonly env = process.env;
  readonly cgroupVersion: "v1" | "v2" | undefined;
  readonly #ledger: Ledger;
  readonly #dataDir: string | undefined;
  #names = 0;

  private constructor(ledger: Ledger, dataDir: string | undefined, cgroupVersion: "v1" | "v2" | undefined) {
    this.#ledger = ledger;
    this.#dataDir = dataDir;
    this.cgroupVersion = cgroupVersion;
  }

  /** `dataDir`: folder under which the lab installs programs for itself. */
  static async open(ledger: Ledger, dataDir?: string): Promise<LocalHost> {
    return new LocalHost(ledger, dataDir, await findCgroupVersion());
  }

  async findProgram(program: contract.Program): Promise<contract.Detection> {
    for (const name of program.executables) {
      const executable = await this.#find(name);
      if (executable) return this.#describe(program, executable);
    }
    return unusable(program, `no ${program.executables.join(" or ")} on this machine`);
  }

  readonly probe: contract.LimiterHost["probe"] = (argv) => probe(argv);

  async readText(path: string): Promise<string | undefined> {
    return readFile(path, "utf8").catch(() => undefined);
  }

  /** Starts a process without limits and keeps what it prints (load tools, origins). */
  start(launch: contract.Launch, options: StartOptions = {}): CapturedProcess {
    return startProcess(launch, this.#ledger, options);
  }

  async launch(launch: contract.Launch, options: { cgroups?: readonly string[] } = {}): Promise<contract.Process> {
    return startProcess(launch, this.#ledger, options);
  }

  controlGroup(of: number | string): Promise<contract.ControlGroup> {
    return controlGroup(of, this.cgroupVersion ?? "v2");
  }

  writeText(path: string, text: string): Promise<void> {
    return writeFile(path, text);
  }

  async makeDir(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
  }

  async removeDir(path: string): Promise<void> {
    // A control-group folder holds files that only the kernel can remove; it goes by rmdir.
    await removeEmpty(path).catch(() => rm(path, { recursive: true, force: true }));
  }

  own(resource: contract.Resource): () => void {
    return this.#ledger.own(resource);
  }

  uniqueName(): string {
    return `proxy-lab-${process.pid}-${this.#names++}`;
  }

  /** A new folder for the files of one process. */
  async scratchDir(): Promise<ScratchDir> {
    const name = randomBytes(3).toString("hex");
    const path = join(tmpdir(), `proxy-lab-${name}`);
    // On the list before it is there: the lab may be killed between the two.
    const disown = this.own({ kind: "dir", path });
    await mkdir(path, { mode: 0o700 });
    // A proxy that gives up the rights of root may keep its group, to write a log here.
    if (this.root) await chmod(path, 0o770);
    const instance = `lab${name}`;
    return {
      path,
      instance,
      async remove() {
        await rm(path, { recursive: true, force: true });
        await removeSharedMemory(instance);
        disown();
      },
    };
  }

  async #find(name: string): Promise<string | undefined> {
    for (const dir of isAbsolute(name) ? [""] : await this.#searchDirs()) {
      const path = join(dir, name);
      if (await isAccessible(path, "execute")) return path;
    }
    return undefined;
  }

  /** Read each time: the lab may just have installed something. */
  async #searchDirs(): Promise<string[]> {
    const path = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
    const own = this.#dataDir ? await toolDirs(this.#dataDir) : [];
    return [...new Set([...path, "/usr/local/sbin", "/usr/sbin", "/sbin", ...own])];
  }

  async #describe(program: contract.Program, executable: string): Promise<contract.Detection> {
    const printed = await probe([executable, ...program.versionArguments], versionTimeoutMs);
    const inTime = `in ${versionTimeoutMs / 1000} s`;
    if (!printed) return unusable(program, `${executable} cannot be run, or did not print its version ${inTime}`);
    const version = new RegExp(program.versionPattern).exec(printed.stdout + printed.stderr)?.[1];
    // Some print their version and end with a code of failure; one that prints none does not work.
    if (!version && printed.code !== 0) {
      const said = `${printed.stdout}\n${printed.stderr}`.trim().split("\n").at(-1)?.slice(0, 200);
      return unusable(program, `${executable} does not work: ${said || "it prints nothing"}`);
    }
    const readOnlyDirs = await dirsOutsideSystem(executable);
    return withoutAbsent<Found>({ available: true, executable, version, readOnlyDirs });
  }
}

async function removeSharedMemory(instance: string): Promise<void> {
  const names = await readdir("/dev/shm").catch(() => [] as string[]);
  for (const name of names.filter((one) => one.startsWith(instance))) await rm(join("/dev/shm", name), { force: true });
}

function unusable({ install }: contract.Program, reason: string): contract.Detection {
  return { available: false, reason, help: installHelp(install) };
}

/** The command that installs a program, in words for the user. */
function installHelp({ apt, pip, brew, npm, go }: contract.InstallHints): string {
  const mac = process.platform === "darwin";
  const commands = [
    !mac && apt && `apt-get install ${apt.join(" ")}`,
    mac && brew && `brew install ${brew.join(" ")}`,
    pip && `pip install ${pip.join(" ")}`,
    npm && `npm install ${npm.join(" ")}`,
    go && `go install ${go.join(" ")}`,
  ].filter(Boolean);
  if (commands.length === 0) return "install it by hand: its plugin names no package of it";
  return `./lab setup installs it, or by hand: ${commands.join("; ")}`;
}

/** The folder tree of a program that is not under /usr, so that a container can be given it. */
async function dirsOutsideSystem(executable: string): Promise<string[]> {
  const real = await realpath(executable);
  const dirs = [dirname(dirname(executable)), dirname(dirname(real))];
  return [...new Set(dirs)].filter((dir) => dir !== "/" && dir !== "/usr" && !dir.startsWith("/usr/"));
}

async function findCgroupVersion(): Promise<"v1" | "v2" | undefined> {
  if (await isAccessible("/sys/fs/cgroup/cgroup.controllers")) return "v2";
  if (await isAccessible("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")) return "v1";
  return undefined;
}

async function removeEmpty(path: string): Promise<void> {
  const deadline = Date.now() + busyWaitMs;
  for (;;) {
    try {
      return await rmdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY" || Date.now() > deadline) throw error;
      await sleep(busyPollMs);
    }
  }
}
