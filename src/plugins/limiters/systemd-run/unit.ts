import type { LimiterHost, ProbeResult } from "../../../core/contract/index.ts";
import { type Manager, said } from "./manager.ts";

/** A transient unit of a manager. */
export class Unit {
  readonly name: string;
  readonly #manager: Manager;
  readonly #host: LimiterHost;

  constructor(name: string, manager: Manager, host: LimiterHost) {
    this.name = name;
    this.#manager = manager;
    this.#host = host;
  }

  /** Arguments with which systemd-run makes it. */
  creation(settings: readonly string[]): string[] {
    // Delegated, it takes the keeper in, and on version 2 has its controllers whether or not a limit is set.
    const fixed = ["CPUAccounting=yes", "MemoryAccounting=yes", "Delegate=cpu memory"];
    return [
      `--${this.#manager}`,
      "--scope",
      "--quiet",
      "--collect",
      `--unit=${this.name}`,
      `--slice=${this.#manager === "system" ? "system" : "app"}.slice`,
      ...[...fixed, ...settings].map((setting) => `--property=${setting}`),
      "--",
    ];
  }

  async set(settings: readonly string[]): Promise<void> {
    const answer = await this.#systemctl("set-property", "--runtime", this.name, ...settings);
    if (answer?.code !== 0) throw new Error(`systemd refuses the limits: ${said(answer)}`);
  }

  async takeIn(pid: number): Promise<void> {
    const manager = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"];
    const call = ["AttachProcessesToUnit", "ssau", this.name, "", "1", String(pid)];
    const answer = await this.#host.probe(["busctl", `--${this.#manager}`, "call", ...manager, ...call]);
    if (answer?.code !== 0) throw new Error(`systemd takes no process into ${this.name}: ${said(answer)}`);
  }

  /** Kills all that is in it, whatever process group it is in. */
  async kill(): Promise<void> {
    await this.#systemctl("kill", "--signal=SIGKILL", this.name);
  }

  /** Leaves nothing of it. It may be gone already, so no answer is a fault. */
  async remove(): Promise<void> {
    await this.kill();
    await this.#systemctl("stop", this.name);
    await this.#systemctl("reset-failed", this.name);
  }

  #systemctl(...args: string[]): Promise<ProbeResult | undefined> {
    return this.#host.probe(["systemctl", `--${this.#manager}`, ...args]);
  }
}
