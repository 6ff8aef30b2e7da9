import { access, constants } from "node:fs/promises";

/** Whether a file or folder is there and may be used so; only whether it is there unless a mode is given. */
export async function isAccessible(path: string, mode: "there" | "write" | "execute" = "there"): Promise<boolean> {
  const { F_OK, W_OK, X_OK } = constants;
  return access(path, { there: F_OK, write: W_OK, execute: X_OK }[mode]).then(
    () => true,
    () => false,
  );
}
