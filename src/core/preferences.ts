import { join } from "node:path";
import Conf from "conf";
import type { LabNotice } from "./domain/face.ts";
import { messageOf } from "./errors.ts";

/** How many stores have their last question remembered. */
const mostStores = 50;

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
  lastQuestion(store: string): unknown {
    return this.#questions()[store];
  }

  rememberQuestion(store: string, question: object): LabNotice | undefined {
    const { [store]: _, ...others } = this.#questions();
    const kept = [...Object.entries(others), [store, question]].slice(-mostStores);
    return this.#set("lastQuestions", Object.fromEntries(kept));
  }

  /** The sweep composed last, as flags: texts and switches. */
  lastSweep(): Readonly<Record<string, string | boolean>> | undefined {
    const flags = this.#get("lastSweep");
    const known = isRecord(flags) && Object.values(flags).every((one) => ["string", "boolean"].includes(typeof one));
    return known ? (flags as Record<string, string | boolean>) : undefined;
  }

  rememberSweep(flags: object): LabNotice | undefined {
    return this.#set("lastSweep", flags);
  }

  #questions(): Values {
    const questions = this.#get("lastQuestions");
    return isRecord(questions) ? questions : {};
  }

  #get(name: string): unknown {
    try {
      return this.#open().get(name);
    } catch {
      return undefined;
    }
  }

  #set(name: string, value: object): LabNotice | undefined {
    try {
      this.#open().set(name, value);
      return undefined;
    } catch (error) {
      return { code: "not-remembered", file: this.file, reason: messageOf(error) };
    }
  }

  #open(): Conf<Record<string, unknown>> {
    const names = { cwd: this.#folder, configName: "preferences", projectName: "proxy-lab" };
    return new Conf({ ...names, clearInvalidConfig: true, accessPropertiesByDotNotation: false });
  }
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
