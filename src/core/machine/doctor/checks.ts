import { byHand, runAsRoot } from "../advice.ts";
import { coresCheck, governorCheck, memoryCheck, stealCheck } from "./hardware.ts";
import { type MachineFacts, neededControllers } from "./machine.ts";
import { type MachineCheck, problem, warnIf } from "./machineCheck.ts";

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
  const value = `${name} ${kernel} ${arch}, ${root ? "root" : "not root"}`;
  const found = { id: "system", title: "system", value };
  if (platform === "linux") return { ...found, state: "ok" };
  return problem(found, byHand("limits need Linux: run the lab in a Linux machine, a virtual one if need be"));
}

function cgroupCheck({ platform, cgroupVersion: version, controllers, root }: MachineFacts): MachineCheck | undefined {
  if (platform !== "linux") return undefined;
  const common = { id: "cgroup", title: "control groups" };
  if (version === undefined)
    return problem({ ...common, value: "none with a CPU controller" }, byHand("mount them under /sys/fs/cgroup"));
  const missing = neededControllers[version].filter((name) => !controllers.some((one) => one.name === name));
  const locked = controllers.filter(({ writable }) => !writable).map(({ name }) => name);
  const value = [
    `${version}: ${controllers.map(({ name }) => name).join(", ") || "no controllers"}`,
    ...(missing.length > 0 ? [`without ${missing.join(" and ")}`] : []),
    locked.length === 0 ? "writable" : `not writable: ${locked.join(", ")}`,
  ].join("; ");
  const found = { ...common, value };
  if (missing.length > 0) return problem(found, byHand(`enable ${missing.join(" and ")} on the kernel's command line`));
  if (locked.length === 0) return { ...found, state: "ok" };
  const elsewhere = byHand("start the lab where /sys/fs/cgroup is not read-only");
  return warnIf(found, root ? elsewhere : runAsRoot("./lab doctor", { root }));
}

function openFilesCheck(facts: MachineFacts): MachineCheck | undefined {
  if (!facts.openFiles) return undefined;
  const { soft, hard } = facts.openFiles;
  const inWords = (limit: number | undefined) => `${limit ?? "no limit"}`;
  const found = { id: "open-files", title: "open files", value: `${inWords(soft)} (soft), ${inWords(hard)} (hard)` };
  if (hard === undefined || hard >= neededOpenFiles) return { ...found, state: "ok" };
  const command = `prlimit --pid $$ --nofile=${neededOpenFiles}:${neededOpenFiles}`;
  return problem(found, runAsRoot(command, facts, `the lab gives each program ${neededOpenFiles}`));
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
  const found = { id: "ports", title: "client ports", value: `${ports.first} to ${ports.last} (${count})${reused}` };
  if (reuse === 0) {
    const remark = `else ${Math.floor(count / timeWaitSeconds)} new connections/s at most`;
    return warnIf(found, runAsRoot("sysctl -w net.ipv4.tcp_tw_reuse=2", facts, remark));
  }
  const more = runAsRoot('sysctl -w net.ipv4.ip_local_port_range="32768 60999"', facts);
  return warnIf(found, count < fewPorts ? more : undefined);
}

function installationChecks({ unfinished }: MachineFacts): MachineCheck[] {
  const common = { id: "installations", title: "installation" };
  return unfinished.map(({ name, pid }) =>
    pid === undefined
      ? problem({ ...common, value: `that of ${name} was cut off` }, { do: "run", command: "./lab setup" })
      : { ...common, value: `${name} is being installed by process ${pid}`, state: "warning" },
  );
}

function packagesCheck(facts: MachineFacts): MachineCheck | undefined {
  if (!facts.brokenPackages) return undefined;
  const found = { id: "packages", title: "packages", value: "some are half installed" };
  return problem(found, runAsRoot("dpkg --configure -a", facts));
}
