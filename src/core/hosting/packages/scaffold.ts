import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { PluginKind } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";

const templates = new URL("../../../../templates/plugin/", import.meta.url);

/** A package to be made. */
export interface Wanted {
  readonly kind: PluginKind;
  /** Name of the plugin; its package is called `lab-plugin-NAME`. */
  readonly name: string;
  readonly typescript?: boolean | undefined;
}

export interface Made {
  readonly dir: string;
  /** Paths in it. */
  readonly files: readonly string[];
}

/**
 * Makes a folder with a plugin that works, for its author to change: code, manifest, test, README and a check for each push.
 * Throws LAB_USAGE where the folder is there already, and for a name that no plugin can have.
 */
export async function scaffold({ kind, name, typescript = false }: Wanted, cwd: string): Promise<Made> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new LabError("LAB_USAGE", `"${name}" is no name for a plugin`, {
      help: "use lower-case letters, digits and dashes, a letter first",
    });
  }
  const files = await filesOf(kind, name, typescript);
  const dir = resolve(cwd, `lab-plugin-${name}`);
  await makeNew(dir);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return { dir, files: Object.keys(files) };
}

async function makeNew(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new LabError("LAB_USAGE", `${dir} is there already`, {
      help: "choose another name, or remove it first",
      cause,
    });
  }
}

/** Path -> text. */
async function filesOf(kind: PluginKind, name: string, typescript: boolean): Promise<Record<string, string>> {
  const title = name[0]!.toUpperCase() + name.slice(1);
  const read = async (template: string) => {
    const text = await readFile(new URL(template, templates), "utf8");
    const named = text.replaceAll("my-plugin", name).replaceAll("My plugin", title);
    return typescript ? named.replaceAll("./index.js", "./index.ts").replaceAll('"index.js"', '"index.ts"') : named;
  };
  const extension = typescript ? "ts" : "js";
  return {
    [`index.${extension}`]: await read(`${kind}.js`),
    [`index.test.${extension}`]: await read("index.test.js"),
    "package.json": await read("package.json"),
    "README.md": (await read("README.md")) + (typescript ? await read("typescript.md") : ""),
    ".github/workflows/check.yml": await read("check.yml"),
    ...(typescript && { "tsconfig.json": await read("tsconfig.json") }),
  };
}
