import type { LabEvent } from "../../core/domain/events.ts";
import type { SweepFlags } from "../../core/domain/options.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Problem } from "../../core/errors.ts";
import type { AppControls } from "../screens/screen.ts";
import type { HeldSweep, Told } from "../services.ts";
import { withTrials } from "../store/labState.ts";
import { hasVisits } from "../store/rounds.ts";
import { problemSeen, seen, startedRun, stopping } from "../store/runEvents.ts";
import type { RunState } from "../store/runState.ts";
import type { StateStore } from "../store/store.ts";
import { type ConsoleState, withLab } from "./consoleState.ts";

export type StartSweep = (flags: SweepFlags, onEvent: (event: LabEvent) => void) => HeldSweep;

/** Who is told of what happens to the sweep. */
type Face = Pick<AppControls, "say"> & { refresh(): void };

const gapMs = 450;

/** The sweep that this console has started, if any: what it tells goes into the state. */
export class OwnSweep {
  readonly #store: StateStore<ConsoleState>;
  readonly #startSweep: StartSweep;
  readonly #face: Face;
  #held: HeldSweep | undefined;
  #heard: LabEvent[] = [];
  /** Records that the other screens do not have yet. */
  #fresh: TrialRecord[] = [];

  constructor(store: StateStore<ConsoleState>, startSweep: StartSweep, face: Face) {
    this.#store = store;
    this.#startSweep = startSweep;
    this.#face = face;
  }

  get runs(): boolean {
    return this.#held !== undefined;
  }

  start(flags: SweepFlags): void {
    this.#changeRun(startedRun);
    const sweep = this.#startSweep(flags, (event) => this.#see(event));
    this.#held = sweep;
    void sweep.ended.then((problem) => this.#ended(sweep, problem));
  }

  tell(command: Told): void {
    if (command.do === "stop") this.#changeRun(stopping);
    this.#held?.tell(command);
  }

  /** Tells it to stop, whatever the state says of it: the console ends. */
  end(): void {
    this.#held?.tell({ do: "stop" });
  }

  /** Resolves when it has ended. */
  async stopped(): Promise<void> {
    this.tell({ do: "stop" });
    await this.#held?.ended;
  }

  /** Lets it run on by itself; returns the file that its events go to. Absent where it has ended. */
  detach(): string | undefined {
    const log = this.#held?.detach();
    this.#held = undefined;
    return log;
  }

  /**
   * Samples come five times a second, and visits end every second; they are taken in twice a second, so that drawing does
   * not disturb measuring.
   */
  #see(event: LabEvent): void {
    this.#heard.push(event);
    const now = Date.parse(event.at);
    if (this.#canWait(event) && now - this.#store.get().now < gapMs) return;
    const heard = this.#heard.splice(0);
    this.#store.update((state) => ({ ...withRun(state, (run) => heard.reduce(seen, run)), now }));
    const toTell = this.#hasVisits ? ["round-finished", "sweep-finished"] : ["trial-finished"];
    this.#fresh.push(...heard.flatMap((one) => (one.type === "trial-finished" ? one.record : [])));
    if (toTell.includes(event.type)) this.#tellOthers();
  }

  get #hasVisits(): boolean {
    return hasVisits(this.#store.get().lab.run);
  }

  #canWait({ type }: LabEvent): boolean {
    return type === "sample" || (this.#hasVisits && (type === "trial-started" || type === "trial-finished"));
  }

  /** The other screens reckon with all trials: they get new ones after each trial, or after each round of visits. */
  #tellOthers(): void {
    const records = this.#fresh.splice(0);
    this.#store.update((state) => withLab(state, (lab) => withTrials(lab, records)));
    this.#face.refresh();
  }

  #ended(sweep: HeldSweep, problem: Problem | undefined): void {
    if (this.#held !== sweep) return;
    this.#held = undefined;
    this.#changeRun((run) => problemSeen(run, problem));
    if (problem) this.#face.say(problem.message, "bad");
    this.#face.refresh();
  }

  #changeRun(change: (run: RunState) => RunState): void {
    this.#store.update((state) => withRun(state, change));
  }
}

function withRun(state: ConsoleState, change: (run: RunState) => RunState): ConsoleState {
  return withLab(state, (lab) => ({ ...lab, run: change(lab.run) }));
}
