import { useSyncExternalStore } from "react";
import type { Store } from "./store.ts";

/** A part of a store's state; the component is drawn again when it changes. `select` must give back what there is. */
export function useStore<T, S>(store: Store<T>, select: (state: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
