import { access, constants } from "node:fs/promises";

/** Whether a file or folder exists and may be written or executed; without a mode, whether it exists. */
export async function isAccessible(path: string, mode: "there" | "write" | "execute" = "there"): Promise<boolean> {
  const { F_OK, W_OK, X_OK } = constants;
  return access(path, { there: F_OK, write: W_OK, execute: X_OK }[mode]).then(
    () => true,
    () => false,
  );
}
