import * as v from "valibot";
import type { LimiterHost, Process, Resource } from "../contract/index.ts";
import { sendSignal } from "../process/signal.ts";
import { resource as resourceSchema } from "./schemas.ts";
import { membersOf } from "./thread/values.ts";

/** Keeps track of the processes that a limiter starts through its host, to end them without it when it fails. */
export class Custody {
  /** The host to give to the limiter. */
  readonly host: LimiterHost;
  readonly #launched = new Set<Process>();
  readonly #pids = new Set<number>();
  #abandoned = false;

  constructor(host: LimiterHost) {
    this.host = {
      ...boundMembers(host),
      launch: async (launch, options) => {
        if (this.#abandoned) throw new Error("the lab has given up this start");
        return this.#watch(await host.launch(launch, options));
      },
      own: (resource) => this.#own(resource, host),
    };
  }

  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** Whether a process that the limiter launched has not ended. */
  get running(): boolean {
    return this.#launched.size > 0;
  }

  /** Ends what runs; folders and control groups go when the lab ends. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    for (const pid of this.#pids) sendSignal(pid, "SIGKILL");
    await Promise.all([...this.#launched].map((child) => child.stop(0)));
  }

  #watch(child: Process): Process {
    this.#launched.add(child);
    void child.exited.then(() => this.#launched.delete(child));
    if (this.#abandoned) void child.stop(0);
    return child;
  }

  /** A wrong process id on the clean-up list would end somebody else's processes. */
  #own(resource: Resource, host: LimiterHost): () => void {
    if (!v.is(resourceSchema, resource)) throw new Error("own: this is no process, control group or folder");
    const disown = host.own(resource);
    if (resource.kind !== "process") return disown;
    this.#pids.add(resource.pid);
    return () => {
      this.#pids.delete(resource.pid);
      disown();
    };
  }
}

function boundMembers(host: LimiterHost): LimiterHost {
  const members = membersOf(host).map(([name, value]) => [
    name,
    typeof value === "function" ? value.bind(host) : value,
  ]);
  return Object.fromEntries(members);
}
