import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { nodeInside, type SystemdContainer } from "../../test/fixtures/systemdContainer.ts";

/** A limiter, and where it is measured. */
export interface Arm {
  readonly name: string;
  readonly limiter: string;
  readonly inContainer: boolean;
}

/** What the process of an arm is told by its one argument. */
export interface ArmSetup {
  readonly proxy: string;
  readonly limiter: string;
  /** CPU limit in cores. */
  readonly cpu: number;
  readonly windowSeconds: number;
}

/** What it prints once it is ready. */
export interface ArmReady {
  /** Version of the proxy's program. */
  readonly version: string;
}

/** What it prints for each measurement. */
export interface ArmFigures {
  /** Completed requests by CPU time of the proxy. */
  readonly requestsPerCpuSecond: number;
}

/** A proxy that runs under its limiter and waits to be measured. */
export interface OpenArm extends ArmReady {
  readonly name: string;
  measure(): Promise<ArmFigures>;
  close(): Promise<void>;
}

/** Starts the process of an arm. The same Node runs the same code for all arms. Rejects where it does not get ready. */
export async function openArm(
  { name, inContainer }: Arm,
  setup: ArmSetup,
  container: SystemdContainer | undefined,
): Promise<OpenArm> {
  const args = ["--disable-warning=ExperimentalWarning", "bench/limiters/worker.ts", JSON.stringify(setup)];
  const child: ChildProcess = inContainer
    ? container!.start(nodeInside, ...args)
    : spawn(nodeInside, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${setup.proxy} under ${name} ended before it was measured`);
    return JSON.parse(value) as T;
  };
  return {
    name,
    ...(await next<ArmReady>()),
    measure() {
      child.stdin!.write("\n");
      return next<ArmFigures>();
    },
    close() {
      child.stdin!.end();
      return ended;
    },
  };
}
