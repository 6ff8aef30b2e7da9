import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../../errors.ts";
import type { runCommand } from "../../process/command.ts";
import { packagesDir } from "../locate.ts";
import { readManifest } from "../manifest.ts";

/** Runs a command to its end; see `runCommand`. */
export type Run = (...args: Parameters<typeof runCommand>) => ReturnType<typeof runCommand>;

/**
 * Installs a package with npm into a folder of its own, so that what turns out not to be a plugin leaves no trace and an
 * earlier version of it stays as it was. Gives its name by its package.json, and `keep`, which puts it where plugins are
 * looked for, and an earlier version of it out. Throws LAB_PROVISION.
 */
export async function stage(spec: string, dataDir: string, { run, signal }: { run: Run; signal?: AbortSignal }) {
  await mkdir(packagesDir(dataDir), { recursive: true });
  const dir = await mkdtemp(join(packagesDir(dataDir), ".new-"));
  await chmod(dir, 0o755); // a proxy that gives up its rights may need to read its package
  const discard = () => rm(dir, { recursive: true, force: true });
  try {
    await writeFile(join(dir, "package.json"), '{ "private": true }\n');
    const { code, tail } = await run(npmInstall(dir, spec), signal ? { signal } : {});
    const manifest = (await readManifest(dir)) as { dependencies?: Record<string, string> } | undefined;
    const [name] = Object.keys(manifest?.dependencies ?? {});
    if (signal?.aborted) throw new LabError("LAB_INTERRUPTED", `interrupted while installing ${spec}`);
    if (code !== 0 || name === undefined) throw failure(spec, tail);
    const keep = async () => {
      await uninstall(name, dataDir);
      await rename(dir, homeOf(name, dataDir));
    };
    return { name, dir, discard, keep };
  } catch (cause) {
    await discard();
    throw cause;
  }
}

/** Whether a path or name is that of a packed package. */
export function isTarball(path: string): boolean {
  return /\.(tgz|tar\.gz)$/.test(path);
}

/** Deletes an installed package; false where there is none. */
export async function uninstall(name: string, dataDir: string): Promise<boolean> {
  const home = homeOf(name, dataDir);
  if (!(await stat(home).catch(() => undefined))) return false;
  await rm(home, { recursive: true });
  return true;
}

/** No code of the package runs, and its peer `proxy-lab` is not looked for on the registry: this lab is it. */
function npmInstall(dir: string, spec: string): [string, ...string[]] {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const safe = ["--ignore-scripts", "--legacy-peer-deps", "--install-links=false"];
  return ["npm", "install", "--prefix", dir, ...safe, ...quiet, "--", spec];
}

/** One level deep for scoped names too: links to folders elsewhere are relative. */
function homeOf(name: string, dataDir: string): string {
  return join(packagesDir(dataDir), name.replace("/", "+"));
}

function failure(spec: string, tail: string): LabError {
  const lines = tail.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const telling =
    lines.find((line) => line !== "" && !/^(code|syscall|path|errno) /.test(line)) ?? "it could not be started";
  return new LabError("LAB_PROVISION", `npm could not install ${spec}: ${telling}`, {
    help: "look at the name, at the network and proxy settings, and whether there is npm (npm --version)",
  });
}
