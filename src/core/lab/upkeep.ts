import { resolve } from "node:path";
import { backupStore, checkStore, type Pruned, type PruneWish, pruneStore, type StoreCheck } from "../store/upkeep.ts";
import { Room } from "./workplace.ts";

/** Care of the store's file. */
export class Upkeep extends Room {
  get path(): string {
    return this.at.storeFile;
  }

  /** Reads all of it, and tells what cannot be read. Throws LAB_STORE and LAB_NO_DATA. */
  check(): StoreCheck {
    return checkStore(this.path);
  }

  /** Copies it to a file that is not there yet. Throws LAB_USAGE and LAB_NO_DATA. */
  backup(file: string): { readonly bytes: number } {
    return backupStore(this.path, resolve(file));
  }

  /** Deletes sweeps, or rows that cannot be read, but for `really` only says which. Throws LAB_USAGE and LAB_NO_DATA. */
  prune(wish: PruneWish, really: boolean): Pruned {
    const isRunning = (id: string) => this.at.store.isRunning(id);
    return pruneStore(this.path, wish, isRunning, really);
  }
}
