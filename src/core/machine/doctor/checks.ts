import { byHand, rightsOfRoot } from "../advice.ts";
import { coresCheck, governorCheck, memoryCheck, stealCheck } from "./hardware.ts";
import { type MachineFacts, neededControllers } from "./machine.ts";
import type { MachineCheck } from "./machineCheck.ts";

/** Limit on open files of every process that the lab starts. */
const neededOpenFiles = 8192;
/** A closed connection keeps its port for a minute. */
const timeWaitSeconds = 60;
const fewPorts = 10_000;

/** Pure: facts -> checks. */
export function checksOf(facts: MachineFacts): MachineCheck[] {
  const checks = [
    systemCheck(facts),
    cgroupCheck(facts),
    coresCheck(facts),
    memoryCheck(facts),
    openFilesCheck(facts),
    systemdCheck(facts),
    portsCheck(facts),
    governorCheck(facts),
    stealCheck(facts),
    ...installationChecks(facts),
    packagesCheck(facts),
  ];
  return checks.filter((check) => check !== undefined);
}

function systemCheck({ system, platform, kernel, arch, root }: MachineFacts): MachineCheck {
  const name = system === undefined ? platform : `${system}, ${platform}`;
  const user = root ? "root" : "not root";
  const isLinux = platform === "linux";
  return {
    id: "system",
    title: "system",
    value: `${name} ${kernel} ${arch}, ${user}`,
    state: isLinux ? "ok" : "problem",
    ...(isLinux
      ? {}
      : { advice: byHand("limits need Linux: run the lab in a Linux machine, a virtual one if need be") }),
  };
}

function cgroupCheck(facts: MachineFacts): MachineCheck | undefined {
  const { platform, cgroupVersion: version, controllers } = facts;
  if (platform !== "linux") return undefined;
  const common = { id: "cgroup", title: "control groups" };
  if (version === undefined) {
    const advice = byHand("mount them under /sys/fs/cgroup");
    return { ...common, value: "none with a CPU controller", state: "problem", advice };
  }
  const missing = neededControllers[version].filter((name) => !controllers.some((one) => one.name === name));
  const locked = controllers.filter(({ writable }) => !writable).map(({ name }) => name);
  const value = [
    `${version}: ${controllers.map(({ name }) => name).join(", ") || "no controllers"}`,
    ...(missing.length > 0 ? [`without ${missing.join(" and ")}`] : []),
    locked.length === 0 ? "writable" : `not writable: ${locked.join(", ")}`,
  ].join("; ");
  if (missing.length > 0) {
    const advice = byHand(`enable ${missing.join(" and ")} on the kernel's command line`);
    return { ...common, value, state: "problem", advice };
  }
  if (locked.length === 0) return { ...common, value, state: "ok" };
  const advice = facts.root
    ? byHand("start the lab where /sys/fs/cgroup is not read-only")
    : ({ do: "run", command: "./lab doctor", by: "sudo" } as const);
  return { ...common, value, state: "warning", advice };
}

function openFilesCheck(facts: MachineFacts): MachineCheck | undefined {
  if (!facts.openFiles) return undefined;
  const { soft, hard } = facts.openFiles;
  const inWords = (limit: number | undefined) => `${limit ?? "no limit"}`;
  const common = { id: "open-files", title: "open files", value: `${inWords(soft)} (soft), ${inWords(hard)} (hard)` };
  if (hard === undefined || hard >= neededOpenFiles) return { ...common, state: "ok" };
  const command = `prlimit --pid $$ --nofile=${neededOpenFiles}:${neededOpenFiles}`;
  const remark = `the lab gives each program ${neededOpenFiles}`;
  return { ...common, state: "problem", advice: { do: "run", command, ...rightsOfRoot(facts), remark } };
}

function systemdCheck({ platform, firstProcess, systemd }: MachineFacts): MachineCheck | undefined {
  if (platform !== "linux" || firstProcess === undefined) return undefined;
  const common = { id: "systemd", title: "systemd", state: "ok" as const };
  if (!systemd) return { ...common, value: `not in use: process 1 is ${firstProcess}` };
  const user = systemd.userManager ? "with a manager of this user" : "no manager of this user answers";
  return { ...common, value: `${systemd.version ?? "of unknown version"} is process 1, ${user}` };
}

function portsCheck(facts: MachineFacts): MachineCheck | undefined {
  const { clientPorts: ports, timeWaitReuse: reuse } = facts;
  if (!ports) return undefined;
  const count = ports.last - ports.first + 1;
  const reused = reuse === undefined ? "" : `, tcp_tw_reuse ${reuse}`;
  const common = { id: "ports", title: "client ports", value: `${ports.first} to ${ports.last} (${count})${reused}` };
  if (reuse === 0) {
    const command = "sysctl -w net.ipv4.tcp_tw_reuse=2";
    const remark = `else ${Math.floor(count / timeWaitSeconds)} new connections/s at most`;
    return { ...common, state: "warning", advice: { do: "run", command, ...rightsOfRoot(facts), remark } };
  }
  if (count >= fewPorts) return { ...common, state: "ok" };
  const command = 'sysctl -w net.ipv4.ip_local_port_range="32768 60999"';
  return { ...common, state: "warning", advice: { do: "run", command, ...rightsOfRoot(facts) } };
}

function installationChecks({ unfinished }: MachineFacts): MachineCheck[] {
  return unfinished.map(({ name, pid }) => {
    const common = { id: "installations", title: "installation" };
    if (pid !== undefined)
      return { ...common, value: `${name} is being installed by process ${pid}`, state: "warning" };
    return {
      ...common,
      value: `that of ${name} was cut off`,
      state: "problem",
      advice: { do: "run", command: "./lab setup" },
    };
  });
}

function packagesCheck(facts: MachineFacts): MachineCheck | undefined {
  if (!facts.brokenPackages) return undefined;
  const advice = { do: "run", command: "dpkg --configure -a", ...rightsOfRoot(facts) } as const;
  return { id: "packages", title: "packages", value: "some are half installed", state: "problem", advice };
}
