import type { PrepareProgress } from "../../../core/contract/index.ts";

/** A line that the daemon writes while it pulls. */
export interface PullStatus {
  readonly status?: string;
  /** Short digest of a layer; in the first line the tag. */
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

interface Layer {
  /** Bytes that have come in. */
  readonly bytes: number;
  /** Absent until the daemon has begun to fetch it. */
  readonly size?: number;
  readonly fetched: boolean;
  readonly done: boolean;
}

const begun: Layer = { bytes: 0, fetched: false, done: false };

/** Adds up the lines of a pull. Sizes of layers come to be known one by one, so a total is told only when all are. */
export class PullProgress {
  readonly #name: string;
  readonly #layers = new Map<string, Layer>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes one line in. */
  take({ status = "", id, progressDetail = {} }: PullStatus): PrepareProgress {
    const layer = id === undefined ? undefined : next(this.#layers.get(id), status, progressDetail);
    if (id !== undefined && layer) this.#layers.set(id, layer);
    return this.now();
  }

  /** How far the pull is. */
  now(): PrepareProgress {
    const all = [...this.#layers.values()];
    if (all.length === 0) return { task: `pull ${this.#name}` };
    const layers = { done: all.filter(({ done }) => done).length, of: all.length };
    if (all.every(({ fetched }) => fetched)) return { task: `unpack ${this.#name}`, layers };
    const known = all.every(({ size, fetched }) => size !== undefined || fetched);
    return {
      task: `pull ${this.#name}`,
      layers,
      doneBytes: sum(all.map(({ bytes }) => bytes)),
      ...(known ? { totalBytes: sum(all.map(({ bytes, size = bytes }) => size)) } : {}),
    };
  }
}

/** What a line says of its layer; `undefined` for a line that is of none. */
function next(
  layer: Layer | undefined,
  status: string,
  { current, total }: { readonly current?: number; readonly total?: number },
): Layer | undefined {
  switch (status) {
    case "Pulling fs layer":
    case "Waiting":
      return layer ?? begun;
    case "Downloading":
      return { ...(layer ?? begun), bytes: current ?? 0, ...(total ? { size: total } : {}) };
    case "Verifying Checksum":
    case "Download complete":
    case "Extracting":
      return { ...whole(layer), fetched: true };
    case "Already exists":
    case "Pull complete":
      return { ...whole(layer), fetched: true, done: true };
    default:
      return layer;
  }
}

/** The daemon need not tell of the last bytes, nor of any where a layer is small. */
function whole(layer: Layer = begun): Layer {
  return { ...layer, bytes: layer.size ?? layer.bytes };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
