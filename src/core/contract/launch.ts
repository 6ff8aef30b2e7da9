/** A TCP address to listen on or to connect to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Versions of TLS that can be asked for. */
export type TlsVersion = "1.2" | "1.3";

/**
 * What a proxy or load-tool plugin asks the lab to start: plain data, no process.
 * `argv[0]` is the name of one of the plugin's executables; the lab resolves it to a path.
 */
export interface LaunchSpec {
  /** Program and arguments, never a shell string. */
  readonly argv: readonly [string, ...string[]];
  /** Variables added to a clean environment (no proxy variables, `HOME` in the scratch folder). */
  readonly env?: Readonly<Record<string, string>>;
  /** Files to write before the start: path relative to the scratch folder -> text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A `LaunchSpec` after the lab resolved it; what a limiter starts. */
export interface Launch {
  /** Short name for messages and log files, such as `haproxy`. */
  readonly name: string;
  /** The program and its arguments; `argv[0]` as the plugin named it. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute path of `argv[0]` on this host; absent when the program exists only in a container image. */
  readonly executable?: string;
  /** The complete environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder with the files of the spec; writable by the process, removed afterwards. Absolute. */
  readonly scratchDir: string;
  /** Folders outside the system's own (`/usr`, `/etc`) that the program needs to read. Absolute. */
  readonly readOnlyDirs: readonly string[];
  /** CPU cores the process may run on; absent means any. */
  readonly cores?: readonly number[];
  /** Limit on open files, soft and hard. */
  readonly openFiles: number;
  /** Container image with the program: the one that the limiter's `imageOf` named, else the plugin's. */
  readonly image?: string;
}
