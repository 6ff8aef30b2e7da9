import * as v from "valibot";
import type { Launch, LimiterPlugin, PluginOptions } from "../../contract/index.ts";
import { messageOf } from "../../errors.ts";
import * as schemas from "../schemas.ts";
import { within } from "./attempt.ts";
import { type Check, limitsOf, pureResult, require } from "./check.ts";
import { type ImaginaryMachine, machineWithoutPrograms, machineWithoutRights } from "./imaginaryLimiterHost.ts";

/** Rules for limiters: limits that can be, a refusal where it cannot limit, and nothing left of what failed. */
export function limiterChecks(plugin: LimiterPlugin, options: PluginOptions): Check[] {
  const { supports, prepare, imageOf } = plugin;
  const rule = (
    name: string,
    check: (plugin: LimiterPlugin, options: PluginOptions) => void | Promise<void>,
    wanted = true,
  ): Check[] => (wanted ? [{ name, run: () => check(plugin, options) }] : []);
  return [
    ...rule("takes limits that there can be", checkMinimum),
    ...rule("changes while it runs only what it limits", checkLiveUpdate),
    ...rule("tells why it does not work, in one line", checkReason),
    ...rule("prepare settles where nothing is installed", checkPrepare, !!prepare),
    ...rule("start refuses, with a message, where it cannot limit", checkRefusal, supports.cpu || supports.memory),
    ...rule("start that fails leaves nothing, on version 1 of control groups", () =>
      checkFailure(plugin, options, "v1"),
    ),
    ...rule("start that fails leaves nothing, on version 2 of control groups", () =>
      checkFailure(plugin, options, "v2"),
    ),
    ...rule("has the hooks for images if it can bring one", checkImageHooks),
    ...rule("imageOf is pure and names an image or nothing", checkImageOf, !!imageOf),
  ];
}

const mostBytes = 2 ** 30;

function checkMinimum({ supports, minimum: { cpu, memoryBytes } }: LimiterPlugin): void {
  require(!supports.cpu || (cpu > 0 && cpu <= 1), `minimum.cpu is ${cpu}, not above 0 and at most 1 core`);
  const sound = Number.isInteger(memoryBytes) && memoryBytes > 0 && memoryBytes <= mostBytes;
  require(!supports.memory || sound, `minimum.memoryBytes is ${memoryBytes}, no whole number from 1 to ${mostBytes}`);
}

function checkLiveUpdate({ supports }: LimiterPlugin): void {
  require(!supports.liveUpdate || supports.cpu || supports.memory, "supports.liveUpdate, but neither cpu nor memory");
}

async function checkReason(plugin: LimiterPlugin, options: PluginOptions): Promise<void> {
  const found = await inPatience("detect", plugin.detect(machineWithoutRights().host, options));
  if (found.available) return;
  require(found.reason.trim() !== "" && !found.reason.includes("\n"), `the reason is "${found.reason}"`);
}

async function checkPrepare(plugin: LimiterPlugin, options: PluginOptions): Promise<void> {
  const { host } = machineWithoutRights();
  const preparation = { images: [], onProgress: () => {}, signal: AbortSignal.timeout(patienceMs) };
  await rejectionOf("prepare", async () => plugin.prepare?.(host, options, preparation));
}

async function checkRefusal(plugin: LimiterPlugin, options: PluginOptions): Promise<void> {
  const machine = machineWithoutRights();
  const message = await failedStart(
    plugin,
    options,
    machine,
    "it started a program where no limit could be put into force",
  );
  require(message.trim() !== "", "its message is empty");
}

async function checkFailure(plugin: LimiterPlugin, options: PluginOptions, version: "v1" | "v2"): Promise<void> {
  const machine = machineWithoutPrograms(version);
  await failedStart(plugin, options, machine, "it says that it started a program, but the host could not");
}

/** Why `start` rejects. Throws an Error with the words `otherwise` where it does not, and where it leaves something behind. */
async function failedStart(
  plugin: LimiterPlugin,
  options: PluginOptions,
  machine: ImaginaryMachine,
  otherwise: string,
): Promise<string> {
  const message = await rejectionOf("start", () => plugin.start(launch, limitsOf(plugin, 0.5), machine.host, options));
  require(message !== undefined, otherwise);
  require(machine.running() === 0, "the program that it started is still running");
  const [folder] = machine.forgotten();
  require(folder === undefined, `${folder} is still there, and not on the clean-up list (host.own)`);
  return message;
}

function checkImageHooks({ supports, imageOf, detectInImage }: LimiterPlugin): void {
  const both = imageOf !== undefined && detectInImage !== undefined;
  require(!supports.images || both, "supports.images, but has not both of imageOf and detectInImage");
}

function checkImageOf(plugin: LimiterPlugin, options: PluginOptions): void {
  const input = {
    program: { executables: ["p"], versionArguments: [], versionPattern: "", install: {}, image: "p:1" },
  };
  const image = pureResult(input, ({ program }) => plugin.imageOf?.(program, true, options));
  require(v.is(schemas.imageName, image), `imageOf returned ${JSON.stringify(image)}`);
}

const launch: Launch = {
  name: "check",
  argv: ["p"],
  executable: "/opt/p",
  env: { PATH: "/usr/bin:/bin", HOME: "/scratch" },
  scratchDir: "/scratch",
  readOnlyDirs: [],
  openFiles: 8192,
};

const patienceMs = 1_500;

/** Why a hook rejects; `undefined` where it resolves. Throws when it does neither in time. */
async function rejectionOf(name: string, hook: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await inPatience(name, hook());
    return undefined;
  } catch (cause) {
    if (cause instanceof Unsettled) throw cause;
    return messageOf(cause);
  }
}

function inPatience<T>(hook: string, running: Promise<T>): Promise<T> {
  return within(patienceMs, running, new Unsettled(`${hook} did not settle in ${patienceMs / 1000} s`));
}

class Unsettled extends Error {}
