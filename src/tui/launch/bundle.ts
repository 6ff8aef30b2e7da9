import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

const source = fileURLToPath(new URL("..", import.meta.url));
const entry = join(source, "app/console.tsx");
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const folder = join(modules, ".cache/lab");

/**
 * The console with all libraries that draw it, as one file: hundreds of files would take longer to load than the first
 * frame may take. It is made anew when a source file or an installed package has changed.
 */
export async function consoleBundle(): Promise<string> {
  const file = join(folder, `console-${fingerprint()}.mjs`);
  if (!existsSync(file)) await build(file);
  return pathToFileURL(file).href;
}

/**
 * Changes with each source file that may be in the bundle, and with the installed packages. Synchronous: the first frame
 * waits for it, and nothing else is to be done meanwhile.
 */
function fingerprint(): string {
  const hash = createHash("sha256");
  const core = resolve(source, "../core");
  const watched = [join(modules, ".package-lock.json"), ...sources(source), ...sources(core)];
  for (const path of watched) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

function sources(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
    .map((file) => join(dir, file));
}

async function build(file: string): Promise<void> {
  const { build } = await import("esbuild");
  await mkdir(folder, { recursive: true });
  const old = (await readdir(folder)).filter((name) => /^console-.*\.mjs$/.test(name));
  const unfinished = `${file}.${process.pid}`;
  await build({
    entryPoints: [entry],
    outfile: unfinished,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
    jsx: "automatic",
    // React looks at it once, when it is loaded: the other one is for developing and slow. The layout engine would fetch its
    // own data URL, for which Node loads an HTTP client; without it, it decodes the data.
    define: { "process.env.NODE_ENV": '"production"', fetch: "undefined" },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [outside],
    logLevel: "silent",
  });
  await rename(unfinished, file);
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}

/** What is loaded only when it is needed stays outside; tools for developing React are not installed at all. */
const outside: Plugin = {
  name: "outside",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ kind, path, importer }) =>
      kind === "dynamic-import" && importer.startsWith(source)
        ? { path: pathToFileURL(resolve(dirname(importer), path)).href, external: true }
        : undefined,
    );
    onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: "absent" }));
    onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export default {};" }));
  },
};
