import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { LabError } from "../../errors.ts";

/** What a user means by the name of a plugin to add. */
export type Source =
  /** Something that npm installs: a package of a registry, or the absolute path of a tarball or folder. */
  | { readonly kind: "package"; readonly spec: string }
  /** Something that is there already and only needs to be listed: a built-in, or the absolute path of a file. */
  | { readonly kind: "listed"; readonly use: string };

const packageName = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(@[\w.^~<>=*|-]+)?$/i;

/** What there is on the disk comes first: nothing is asked of a registry that was meant to be a folder. Throws LAB_USAGE. */
export async function sourceOf(name: string, cwd: string): Promise<Source> {
  if (name.startsWith("builtin:")) return { kind: "listed", use: name };
  const path = resolve(cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() || (found && /\.(tgz|tar\.gz)$/.test(path))) return { kind: "package", spec: path };
  if (found && /\.[cm]?[jt]s$/.test(path)) return { kind: "listed", use: path };
  if (!found && packageName.test(name)) return { kind: "package", spec: name };
  throw new LabError("LAB_USAGE", found ? `${name} is no plugin package` : `there is no ${name}`, {
    help: "give the name of an npm package, or the path of a folder, a tarball (.tgz) or a plugin's file",
  });
}
