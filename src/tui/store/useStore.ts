import { useSyncExternalStore } from "react";
import type { StateStore } from "./store.ts";

/** A part of a store's state; the component is drawn again when it changes. `select` must give back what there is. */
export function useStore<T, S>(store: StateStore<T>, select: (state: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
