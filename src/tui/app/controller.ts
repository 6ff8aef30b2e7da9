import type { SweepFlags } from "../../core/domain/options.ts";
import type { Problem } from "../../core/errors.ts";
import { bindingOf, type KeyName } from "../keys.ts";
import type { AppControls, ScreenContext, ScreenId } from "../screens/screen.ts";
import type { Services, Told } from "../services.ts";
import { type LabState, sameSweeps, withSweeps, withTrials } from "../store/labState.ts";
import { isMeasuring, windowIsOpen } from "../store/runState.ts";
import { createStore, realTimers, type StateStore, type Timers } from "../store/store.ts";
import { edited, inserted, type TextField } from "../widgets/field.ts";
import { cycled } from "../widgets/list.ts";
import {
  type AnyScreen,
  type ConsoleState,
  frameGapMs,
  initialState,
  type Notice,
  type Overlay,
  withLab,
  withScreenState,
} from "./consoleState.ts";
import { entriesOf, type KeyAction } from "./entries.ts";
import { type Everywhere, globalKeys } from "./globalKeys.ts";
import { overlayAfter } from "./overlayKeys.ts";
import { OwnSweep, type StartSweep } from "./ownSweep.ts";

/** What the console does outside of its own state. */
export interface Surroundings {
  readonly services: Services;
  readonly startSweep: StartSweep;
  copy(text: string): void;
  /** The store that was named, as an option to add to a command; else empty. */
  readonly sameStore: string;
  /** Ends the console, with a line for the user to read after it. */
  exit(lastWords?: string): void;
}

const noticeMs = 4_000;
/** Time that a state may be old before it is drawn anew for the sake of the time alone. */
const tickMs = 900;

/** The console without its drawing: takes keys, changes the state, asks the services. */
export class Controller implements AppControls, Everywhere {
  readonly store: StateStore<ConsoleState>;
  readonly screens: readonly AnyScreen[];
  readonly #around: Surroundings;
  readonly #global: ReturnType<typeof globalKeys>;
  readonly #own: OwnSweep;
  #noticeTimer: NodeJS.Timeout | undefined;

  constructor(screens: readonly AnyScreen[], first: ScreenId, around: Surroundings, clock: Timers = realTimers) {
    this.screens = screens;
    this.store = createStore(initialState(screens, first, Date.now()), frameGapMs, clock);
    this.#around = around;
    this.#own = new OwnSweep(this.store, around.startSweep, this);
    this.#global = globalKeys(screens);
  }

  lookAgain(): void {
    const { services } = this.#around;
    const found = (known: Pick<LabState, "plugins" | "diagnosis">) => {
      this.store.update((state) => withLab(state, (lab) => ({ ...lab, ...known })));
      this.refresh();
    };
    const failed = (problem: Problem) => this.say(problem.message, "bad");
    services.plugins().then((plugins) => {
      if (plugins.problems[0] !== undefined) this.say(`left out ${plugins.problems[0]}`, "bad");
      found({ plugins });
    }, failed);
    services.diagnose().then((diagnosis) => found({ diagnosis }), failed);
    this.refresh();
  }

  /** Time goes on; it is drawn only where something runs. */
  tick(now: number): void {
    this.store.update((state) => {
      const drawn = state.lab.run.phase === "ended" || now - state.now < tickMs;
      return drawn ? state : { ...state, now };
    });
  }

  /** One key, by its name. */
  press(key: KeyName): void {
    const { overlay } = this.store.get();
    if (overlay) {
      const { overlay: next, run } = overlayAfter(overlay, key, this.entries());
      this.show(next);
      run?.();
      return;
    }
    const screen = this.#screen();
    const context = this.#context(screen);
    const field = this.#fieldOf(screen);
    const typed = field && edited(field, key);
    const binding = bindingOf(screen.keys, key, context);
    if (typed) screen.typed?.(context, typed);
    else if (binding) binding.run(context, key);
    else bindingOf(this.#global, key, this)?.run(this, key);
  }

  /** Text that was pasted; outside of a text field it does nothing. */
  paste(text: string): void {
    const { overlay } = this.store.get();
    if (overlay?.kind === "palette") {
      this.show({ ...overlay, search: inserted(overlay.search, text), at: 0 });
    } else if (!overlay) {
      const screen = this.#screen();
      const field = this.#fieldOf(screen);
      if (field) screen.typed?.(this.#context(screen), inserted(field, text));
    }
  }

  /** Everything that a key does now: of the screen, then everywhere. */
  entries(): KeyAction[] {
    const screen = this.#screen();
    return [
      ...entriesOf(screen.title, screen.keys, this.#context(screen)),
      ...entriesOf("everywhere", this.#global, this as Everywhere),
    ];
  }

  /** Keys for the footer. */
  footer(): KeyAction[] {
    return this.entries().filter(({ quiet }) => !quiet);
  }

  /** Tells the screen that is shown that what it looks at has changed. */
  refresh(): void {
    const screen = this.#screen();
    screen.refresh?.(this.#context(screen));
  }

  goTo(screen: ScreenId, place?: string): void {
    this.store.update((state) => (state.screen === screen ? state : { ...state, screen }));
    const { at } = this.#screen();
    if (place !== undefined && at)
      this.store.update((state) => withScreenState(state, screen, (own) => at(own, place)));
    this.refresh();
  }

  neighbour(step: 1 | -1): void {
    const ids = this.screens.map(({ id }) => id);
    this.goTo(cycled(ids, this.store.get().screen, step));
  }

  /** Lays something over the screen, or takes away what lies there. */
  show(overlay: Overlay | undefined): void {
    this.store.update((state) => ({ ...state, overlay }));
  }

  ask(question: string, choices: Parameters<AppControls["ask"]>[1]): void {
    this.show({ kind: "ask", question, choices, at: 0 });
  }

  say(text: string, tone: Notice["tone"] = "plain"): void {
    const note = (notice?: Notice) => this.store.update((state) => ({ ...state, notice }));
    clearTimeout(this.#noticeTimer);
    note({ text, tone });
    this.#noticeTimer = setTimeout(note, noticeMs);
    this.#noticeTimer.unref();
  }

  copy(text: string): void {
    this.#around.copy(text);
    this.say("copied, where the terminal allows it", "good");
  }

  sweep(flags: SweepFlags): void {
    if (isMeasuring(this.store.get().lab.run)) {
      this.say("a sweep is running already: stop it first", "bad");
    } else {
      this.#own.start(flags);
      this.goTo("run");
    }
  }

  steer(command: Told): void {
    this.#own.tell(command);
  }

  leave(): void {
    if (!isMeasuring(this.store.get().lab.run)) {
      this.#around.exit();
      return;
    }
    this.ask("A sweep is running. What is to become of it?", [
      { key: "s", title: "stay here", run: () => {} },
      { key: "x", title: "stop it, and leave", run: () => this.#stopAndLeave() },
      { key: "d", title: "leave, and let it run on by itself", run: () => this.#detachAndLeave() },
    ]);
  }

  /** The console ends whatever the user wants: what runs is told to stop. */
  end(): void {
    clearTimeout(this.#noticeTimer);
    this.#own.end();
  }

  #stopAndLeave(): void {
    if (this.#own.runs) {
      this.say("stopping ...");
      void this.#own.stopped().then(() => {
        const { sweepId } = this.store.get().lab.run;
        const command = `./lab sweep --resume ${sweepId}${this.#around.sameStore}`;
        this.#around.exit(sweepId && `the sweep was stopped; go on with: ${command}`);
      });
    } else {
      this.#around.exit(); // it ended while the question stood
    }
  }

  #detachAndLeave(): void {
    const log = this.#own.detach();
    const { sweepId } = this.store.get().lab.run;
    const words = `the sweep runs on; see it with: ./lab watch${sweepId ? ` ${sweepId}` : ""}${this.#around.sameStore}\n  its events: ${log}`;
    this.#around.exit(log === undefined ? undefined : words);
  }

  #screen(): AnyScreen {
    const { screen } = this.store.get();
    return this.screens.find(({ id }) => id === screen)!;
  }

  #fieldOf(screen: AnyScreen): TextField | undefined {
    const { screens, lab } = this.store.get();
    return screen.field?.(screens[screen.id], lab);
  }

  #context(screen: AnyScreen): ScreenContext<unknown> {
    const now = () => this.store.get();
    return {
      get state() {
        return now().screens[screen.id];
      },
      get lab() {
        return now().lab;
      },
      services: this.#around.services,
      app: this,
      update: (change) => this.store.update((state) => withScreenState(state, screen.id, change)),
    };
  }

  /** Whether it would disturb to look at the store often now. */
  get busy(): boolean {
    return windowIsOpen(this.store.get().lab.run);
  }

  /** What others have stored meanwhile. */
  stored(sweeps: Parameters<typeof withSweeps>[1], records: Parameters<typeof withTrials>[1], loaded: boolean): void {
    const read = (lab: LabState) => {
      const nothingNew = records.length === 0 && (lab.loaded || !loaded) && sameSweeps(lab.sweeps, sweeps);
      return nothingNew ? lab : withSweeps(withTrials({ ...lab, loaded: lab.loaded || loaded }, records), sweeps);
    };
    this.store.update((state) => withLab(state, read));
  }
}
