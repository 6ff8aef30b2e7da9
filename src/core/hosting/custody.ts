import * as v from "valibot";
import type { LimiterHost, Process, Resource } from "../contract/index.ts";
import { sendSignal } from "../process/signal.ts";
import { resource as resourceSchema } from "./schemas.ts";
import { membersOf } from "./thread/values.ts";

/** Keeps track of the processes that a limiter starts through its host, to end them without it when it fails. */
export interface Custody {
  /** The host to give to the limiter. */
  readonly host: LimiterHost;
  readonly abandoned: boolean;
  /** Whether a process that the limiter launched has not ended. */
  readonly running: boolean;
  /** Ends what runs; folders and control groups go when the lab ends. */
  abandon(): Promise<void>;
}

export function custodyOf(host: LimiterHost): Custody {
  const launched = new Set<Process>();
  const pids = new Set<number>();
  let abandoned = false;

  async function launch(...args: Parameters<LimiterHost["launch"]>): Promise<Process> {
    if (abandoned) throw new Error("the lab has given up this start");
    const child = await host.launch(...args);
    launched.add(child);
    void child.exited.then(() => launched.delete(child));
    if (abandoned) void child.stop(0);
    return child;
  }

  /** A wrong process id on the clean-up list would end somebody else's processes. */
  function own(resource: Resource): () => void {
    if (!v.is(resourceSchema, resource)) throw new Error("own: this is no process, control group or folder");
    const disown = host.own(resource);
    if (resource.kind !== "process") return disown;
    pids.add(resource.pid);
    return () => {
      pids.delete(resource.pid);
      disown();
    };
  }

  return {
    host: { ...boundMembers(host), launch, own },
    get abandoned() {
      return abandoned;
    },
    get running() {
      return launched.size > 0;
    },
    async abandon() {
      abandoned = true;
      for (const pid of pids) sendSignal(pid, "SIGKILL");
      await Promise.all([...launched].map((child) => child.stop(0)));
    },
  };
}

function boundMembers(host: LimiterHost): LimiterHost {
  const bound = (value: unknown) => (typeof value === "function" ? value.bind(host) : value);
  return Object.fromEntries(membersOf(host).map(([name, value]) => [name, bound(value)])) as unknown as LimiterHost;
}
