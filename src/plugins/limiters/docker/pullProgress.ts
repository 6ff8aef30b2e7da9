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
  take(line: PullStatus): PrepareProgress {
    const { id } = line;
    const layer = id === undefined ? undefined : next(this.#layers.get(id), line);
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
      doneBytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(known ? { totalBytes: all.reduce((sum, { bytes, size = bytes }) => sum + size, 0) } : {}),
    };
  }
}

/** What a line says of its layer; `undefined` for a line that is of none. */
function next(known: Layer | undefined, { status, progressDetail = {} }: PullStatus): Layer | undefined {
  const layer = known ?? begun;
  // The daemon need not tell of the last bytes, nor of any where a layer is small.
  const whole = { ...layer, bytes: layer.size ?? layer.bytes, fetched: true };
  switch (status) {
    case "Pulling fs layer":
    case "Waiting":
      return layer;
    case "Downloading": {
      const { current = 0, total } = progressDetail;
      return { ...layer, bytes: current, ...(total ? { size: total } : {}) };
    }
    case "Verifying Checksum":
    case "Download complete":
    case "Extracting":
      return whole;
    case "Already exists":
    case "Pull complete":
      return { ...whole, done: true };
    default:
      return known;
  }
}
