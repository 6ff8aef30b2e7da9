/** Exit codes of the command line. */
export const EXIT = {
  ok: 0,
  fault: 1,
  usage: 2,
  someFailed: 3,
  nothingMeasured: 4,
  regressed: 5,
  notHeld: 6,
  unstable: 7,
  interrupted: 130,
} as const;

/** Every error code of the lab with its exit code and what it means. docs/errors.md lists the same set. */
export const ERRORS = {
  LAB_USAGE: { exit: EXIT.usage, meaning: "An option or argument is wrong." },
  LAB_EXPERIMENT_FILE: { exit: EXIT.usage, meaning: "An experiment file cannot be read or is not valid." },
  LAB_BUNDLE: { exit: EXIT.usage, meaning: "A bundle cannot be read, is not valid, or contradicts the store." },
  LAB_PLUGINS_FILE: { exit: EXIT.usage, meaning: "plugins.json cannot be read, or entries in it cannot be used." },
  LAB_UNKNOWN_PLUGIN: { exit: EXIT.usage, meaning: "No plugin of this name and kind is in plugins.json." },
  LAB_UNSUPPORTED: { exit: EXIT.usage, meaning: "A plugin cannot do what was asked (role, level, loop)." },
  LAB_UNAVAILABLE: { exit: EXIT.nothingMeasured, meaning: "A program or facility is missing on this machine." },
  LAB_PLUGIN: {
    exit: EXIT.nothingMeasured,
    meaning: "A plugin threw, took too long, or returned what the contract does not allow.",
  },
  LAB_START: { exit: EXIT.nothingMeasured, meaning: "A proxy, origin or load tool could not be started." },
  LAB_NOT_READY: { exit: EXIT.nothingMeasured, meaning: "A proxy did not answer with the origin's body in time." },
  LAB_CONFIGURATION: {
    exit: EXIT.usage,
    meaning: "A configuration of your own cannot be read, is refused by the proxy, or passes requests on elsewhere.",
  },
  LAB_PORT_IN_USE: { exit: EXIT.usage, meaning: "Something else listens on a port that was asked for." },
  LAB_LOAD: { exit: EXIT.nothingMeasured, meaning: "A load tool failed, or its output could not be understood." },
  LAB_MEMORY: { exit: EXIT.nothingMeasured, meaning: "A process was killed at its memory limit." },
  LAB_LIMIT: {
    exit: EXIT.nothingMeasured,
    meaning: "A limit could not be set, or the kernel does not have it in force.",
  },
  LAB_STORE: { exit: EXIT.fault, meaning: "The store cannot be opened, read or written." },
  LAB_NO_DATA: { exit: EXIT.nothingMeasured, meaning: "There are no trials, or too few, to answer from." },
  LAB_INTERRUPTED: { exit: EXIT.interrupted, meaning: "The user or a signal ended the work." },
  LAB_PROVISION: { exit: EXIT.nothingMeasured, meaning: "Something could not be installed." },
  LAB_FAULT: { exit: EXIT.fault, meaning: "A fault in the lab itself." },
} as const;

export type ErrorCode = keyof typeof ERRORS;

interface LabErrorOptions {
  readonly help?: string | undefined;
  readonly output?: string | undefined;
  readonly cause?: unknown;
}

/** An error for people: one line of what and where, and what to do about it. */
export class LabError extends Error {
  readonly code: ErrorCode;
  readonly help: string | undefined;
  /** The last lines that a program wrote which failed. */
  readonly output: string | undefined;

  constructor(code: ErrorCode, message: string, options: LabErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "LabError";
    this.code = code;
    this.help = options.help;
    this.output = options.output;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}

/** Any thrown value as a LabError; what is not one already is a fault of the lab. */
export function toLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  return new LabError("LAB_FAULT", messageOf(thrown), { cause: thrown });
}

/** What went wrong, as data. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly help?: string;
}

export function asProblem(thrown: unknown): Problem {
  const { code, message, help } = toLabError(thrown);
  return { code, message, ...(help === undefined ? {} : { help }) };
}

/** First line of what a thrown value says. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split("\n", 1)[0] ?? "";
}
