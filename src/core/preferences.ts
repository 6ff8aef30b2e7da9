import { constants } from "node:os";
import { join } from "node:path";
import type Conf from "conf";
import type { LabNotice } from "./domain/face.ts";
import { messageOf } from "./errors.ts";

/** How many stores have their last question remembered. */
const mostStores = 50;

const signals = Object.keys(constants.signals) as NodeJS.Signals[];

type Values = Readonly<Record<string, unknown>>;

/**
 * What the lab remembers for its user: `lastSweep` (what was composed last), `lastQuestions` (by store). A file that
 * cannot be read counts as empty; what cannot be written is told by a notice, since no answer must be lost by it.
 */
export class Preferences {
  readonly #folder: string;
  readonly file: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, "preferences.json");
  }

  /** The last question about a store, as it was remembered; others can write the file too, so check its shape. */
  async lastQuestion(store: string): Promise<unknown> {
    return (await this.#questions())[store];
  }

  async rememberQuestion(store: string, question: object): Promise<LabNotice | undefined> {
    const { [store]: _, ...others } = await this.#questions();
    const kept = [...Object.entries(others), [store, question]].slice(-mostStores);
    return this.#set("lastQuestions", Object.fromEntries(kept));
  }

  /** The sweep composed last, as flags: texts and switches. */
  async lastSweep(): Promise<Readonly<Record<string, string | boolean>> | undefined> {
    const flags = await this.#get("lastSweep");
    const known = isRecord(flags) && Object.values(flags).every((one) => ["string", "boolean"].includes(typeof one));
    return known ? (flags as Record<string, string | boolean>) : undefined;
  }

  rememberSweep(flags: object): Promise<LabNotice | undefined> {
    return this.#set("lastSweep", flags);
  }

  async #questions(): Promise<Values> {
    const questions = await this.#get("lastQuestions");
    return isRecord(questions) ? questions : {};
  }

  async #get(name: string): Promise<unknown> {
    try {
      return (await this.#open()).get(name);
    } catch {
      return undefined;
    }
  }

  async #set(name: string, value: object): Promise<LabNotice | undefined> {
    try {
      (await this.#open()).set(name, value);
      return undefined;
    } catch (error) {
      return { code: "not-remembered", file: this.file, reason: messageOf(error) };
    }
  }

  async #open(): Promise<Conf<Record<string, unknown>>> {
    const Loaded = await loadConf();
    const names = { cwd: this.#folder, configName: "preferences", projectName: "proxy-lab" };
    return new Loaded({ ...names, clearInvalidConfig: true, accessPropertiesByDotNotation: false });
  }
}

let conf: Promise<typeof Conf> | undefined;

/**
 * Loads Conf when it is first needed. What it writes files with answers each signal by sending it to this process once more,
 * which would count as a second Ctrl-C; so its listeners are taken off again: the lab has its own.
 */
function loadConf(): Promise<typeof Conf> {
  conf ??= (async () => {
    const before = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
    const { default: loaded } = await import("conf");
    for (const [signal, known] of before) {
      for (const listener of process.listeners(signal)) if (!known.has(listener)) process.off(signal, listener);
    }
    return loaded;
  })();
  return conf;
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
