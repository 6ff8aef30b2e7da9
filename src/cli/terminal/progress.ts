import { cleanText } from "../../core/cells/text.ts";
import type { LabEvent } from "../../core/domain/events.ts";
import { formatDuration } from "../../core/domain/format.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { preparingLine } from "../../core/words/preparingLine.ts";
import { type RoundTold, roundProgressInWords, roundsPlanInWords } from "../../core/words/rounds.ts";
import { placeInWords, pointInWords, recordInWords } from "../../core/words/trials.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { type: Type }>;

/** What a sweep is a part of. */
export interface Whole {
  /** Which part it is, such as `part 2 of 6`. */
  readonly part: string;
  /** Seconds that the parts after it will take. */
  readonly laterSeconds: number;
}

/**
 * Writes what goes on to stderr: one line that is rewritten on a terminal; elsewhere a line per finished trial, or in rounds
 * per round.
 */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #quiet: boolean;
  readonly #ascii: boolean;
  #total = 0;
  #done = 0;
  #remainingSeconds = 0;
  #current = "";
  #endsAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #whole: Whole | undefined;
  /** Of a sweep in rounds. */
  #spec: SweepSpec | undefined;
  #round: RoundTold | undefined;
  readonly #failures = new Set<string>();

  /** `quiet`: say nothing unless the stream is a terminal. */
  constructor(
    stream: NodeJS.WriteStream,
    { quiet, ascii, whole }: { readonly quiet: boolean; readonly ascii: boolean; readonly whole?: Whole | undefined },
  ) {
    this.#stream = stream;
    this.#quiet = quiet;
    this.#ascii = ascii;
    this.#whole = whole;
  }

  see(event: LabEvent): void {
    switch (event.type) {
      case "sweep-planned":
        this.#plan(event);
        if (this.#stream.isTTY) this.#timer = setInterval(() => this.#draw(), 1_000);
        break;
      case "preparing":
        this.#prepare(event);
        break;
      case "trial-started":
        this.#current = pointInWords(event.point);
        if (event.reason) this.#say(`${placeInWords(event.point)}: ${event.reason}`);
        this.#draw();
        break;
      case "trial-finished":
        this.#done++;
        this.#total = this.#done + event.remainingTrials;
        this.#expect(event.remainingSeconds);
        this.#tellOf(event.record);
        this.#draw();
        break;
      case "round-finished":
        this.#round = event;
        this.#expect(event.remainingSeconds);
        if (!this.#stream.isTTY) this.#say(this.#roundTexts()[0]!);
        this.#draw();
        break;
      case "warning":
        this.#say(`warning: ${event.message}`);
        break;
      case "sweep-finished":
        this.close();
        break;
    }
  }

  /** Leaves nothing on the terminal, however the work ended. */
  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #plan({ sweepId, spec, trials, estimatedSeconds }: EventOf<"sweep-planned">): void {
    this.#total = trials;
    this.#spec = spec.plan === "rounds" ? spec : undefined;
    this.#expect(estimatedSeconds);
    const what = this.#spec ? roundsPlanInWords(this.#spec) : `${trials} trials`;
    this.#say(`sweep ${sweepId}: ${what}, about ${formatDuration(estimatedSeconds)}`);
  }

  /** Of visits, which end every second, one that failed is told of, and only the first of its kind at its configuration. */
  #tellOf(record: TrialRecord): void {
    const failed = record.status === "failed";
    if (this.#spec) {
      const text = recordInWords(record);
      if (failed && !this.#failures.has(text)) this.#say(text);
      if (failed) this.#failures.add(text);
    } else if (!this.#stream.isTTY || failed) {
      this.#say(`[${this.#done}/${this.#total}] ${recordInWords(record)}`);
    }
  }

  #prepare(event: EventOf<"preparing">): void {
    if (this.#stream.isTTY) {
      const options = { width: (this.#stream.columns ?? 80) - 1, ascii: this.#ascii };
      this.#stream.write(`\r\x1b[2K${preparingLine(event, options)}`);
    } else if (event.task !== this.#current) {
      this.#say(event.task);
    }
    this.#current = event.task;
  }

  #expect(seconds: number): void {
    this.#remainingSeconds = seconds + (this.#whole?.laterSeconds ?? 0);
    this.#endsAt = Date.now() + this.#remainingSeconds * 1000;
  }

  #draw(): void {
    if (!this.#stream.isTTY || this.#total === 0) return;
    const part = this.#whole ? `${this.#whole.part} ` : "";
    const width = (this.#stream.columns ?? 80) - 1;
    const trial = `[${this.#done}/${this.#total}] ${this.#current}, ${formatDuration(this.#secondsLeft)} left`;
    const lines = (this.#spec ? this.#roundTexts() : [trial]).map((text) => this.#fit(part + text));
    const line = lines.find(({ length }) => length <= width) ?? lines.at(-1)!;
    this.#stream.write(`\r\x1b[2K${line.slice(0, width)}`);
  }

  /** How far the rounds are, the longest text first. */
  #roundTexts(): string[] {
    return roundProgressInWords(this.#round, this.#done, this.#spec!, this.#secondsLeft);
  }

  get #secondsLeft(): number {
    return this.#remainingSeconds > 0 ? Math.max(1, Math.round((this.#endsAt - Date.now()) / 1000)) : 0;
  }

  #fit(text: string): string {
    return cleanText(text, this.#ascii);
  }

  #say(line: string): void {
    if (this.#quiet && !this.#stream.isTTY) return;
    this.#clear();
    this.#stream.write(`${this.#fit(line)}\n`);
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }
}
