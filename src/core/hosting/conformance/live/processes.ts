import { readdir, readFile, readlink } from "node:fs/promises";
import { parseProcCgroup } from "../../../process/kernel/cgroup.ts";
import { processStat } from "../../../process/kernel/processStat.ts";
import { sendSignal } from "../../../process/signal.ts";
import { require } from "../check.ts";

/**
 * Processes that belong to what was started in a scratch folder: those whose home it is, and those of the session that
 * the first of them began (a program may overwrite its environment with its title). Empty where there is no /proc.
 */
export async function processesOf(scratchDir: string, session: number): Promise<number[]> {
  const pids = (await readdir("/proc").catch(() => [] as string[])).map(Number).filter(Number.isInteger);
  const ours = await Promise.all(pids.map((pid) => belongs(pid, scratchDir, session)));
  return pids.filter((_, index) => ours[index]);
}

async function belongs(pid: number, scratchDir: string, session: number): Promise<boolean> {
  const [state, , , itsSession] = processStat(pid) ?? [];
  if (state === undefined || state === "Z" || state === "X") return false;
  if (session > 0 && Number(itsSession) === session) return true;
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").includes(`HOME=${scratchDir}`);
}

/** How a process is called, for messages. */
async function nameOf(pid: number): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return `${name.trim() || "process"} (${pid})`;
}

/** Files that a process has open for writing. Devices, sockets, pipes and what was deleted do not count. */
export async function filesWrittenBy(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [] as string[]);
  const paths = await Promise.all(descriptors.map((fd) => writtenFile(pid, fd)));
  return paths.filter((path) => path !== undefined);
}

async function writtenFile(pid: number, fd: string): Promise<string | undefined> {
  const path = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
  if (!path.startsWith("/") || /^\/(dev\/(?!shm\/)|proc\/|sys\/|memfd:)| \(deleted\)$/.test(path)) return undefined;
  const info = await readFile(`/proc/${pid}/fdinfo/${fd}`, "utf8").catch(() => "");
  const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? "0", 8);
  return (flags & 0o3) === 0 ? undefined : path; // O_WRONLY or O_RDWR, see open(2)
}

/** Folders of the control groups that a process is in, on either version; none where it has ended. */
export async function groupFoldersOf(pid: number | "self"): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
  if (text === "") return [];
  return [...parseProcCgroup(text)].map(([controller, path]) => {
    const hierarchy = controller.replace(/^name=/, "");
    return `/sys/fs/cgroup${hierarchy && `/${hierarchy}`}${path}`.replace(/\/$/, "");
  });
}

/** Asks again and again until nothing is left or the time is over; what is left then. */
export async function leftAfter<T>(timeoutMs: number, look: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = await look();
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Time for the kernel to end what the lab has killed with the first process. */
const patienceMs = 500;

/** Throws when a process of what was started is left, and kills it. */
export async function leavesNoProcess(scratchDir: string, session: number): Promise<void> {
  const left = await leftAfter(patienceMs, () => processesOf(scratchDir, session));
  const names = await Promise.all(left.map(nameOf));
  for (const pid of left) sendSignal(pid, "SIGKILL");
  require(left.length === 0, `still running: ${names.join(", ")}`);
}
