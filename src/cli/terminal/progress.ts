import type { LabEvent } from "../../core/domain/events.ts";
import { formatDuration } from "../../core/domain/format.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import { preparingLine } from "../../core/words/preparingLine.ts";
import { outcomeInWords, placeInWords, pointInWords } from "../../core/words/trials.ts";

/** What a sweep is a part of. */
export interface Whole {
  /** Which part it is, such as `part 2 of 6`. */
  readonly part: string;
  /** Seconds that the parts after it will take. */
  readonly laterSeconds: number;
}

/** Writes what goes on to stderr: one line that is rewritten on a terminal, a line per finished trial elsewhere. */
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
        this.#total = event.trials;
        this.#expect(event.estimatedSeconds);
        this.#say(`sweep ${event.sweepId}: ${event.trials} trials, about ${formatDuration(event.estimatedSeconds)}`);
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
        if (!this.#stream.isTTY || event.record.status === "failed")
          this.#say(`[${this.#done}/${this.#total}] ${recordInWords(event.record)}`);
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

  #prepare(event: Extract<LabEvent, { type: "preparing" }>): void {
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
    const left = this.#remainingSeconds > 0 ? Math.max(1, Math.round((this.#endsAt - Date.now()) / 1000)) : 0;
    const line = `${this.#whole ? `${this.#whole.part} ` : ""}[${this.#done}/${this.#total}] ${this.#current}, ${formatDuration(left)} left`;
    this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }

  #say(line: string): void {
    if (this.#quiet && !this.#stream.isTTY) return;
    this.#clear();
    this.#stream.write(`${line}\n`);
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }
}

/** A trial in one line: its point, and what came of it. */
export function recordInWords(record: TrialRecord): string {
  return `${pointInWords(record.point)}: ${outcomeInWords(record)}`;
}
