import type { LoadPlugin, LoadSetup, PluginOptions } from "../../contract/index.ts";
import * as schemas from "../schemas.ts";
import { type Check, faultOf, pureResult, require, requirePlan } from "./check.ts";
import { optionCases } from "./optionCases.ts";

const url = "http://127.0.0.1:18801/";
const secureUrl = "https://127.0.0.1:18801/";
const nonsense = { "": "no output", "Segmentation fault\n": "a crash", "<html>502</html>\n": "a web page" };

/** Rules for load tools: pure plans for all that it supports, and no figure out of nothing. */
export function loadChecks(plugin: LoadPlugin, options: PluginOptions): Check[] {
  const basic = { ...basicSetup(plugin), options };
  return [
    ...setups(plugin).map(({ name, setup }) => ({
      name: `plans ${name}`,
      run: () => checkPlan(plugin, { ...setup, options }),
    })),
    ...optionCases(plugin.options).map(({ name, value, words }) => ({
      name: `plans with the option ${words}`,
      run: () => checkPlan(plugin, { ...basic, options: { ...options, [name]: value } }),
    })),
    ...Object.entries(nonsense).map(([stdout, name]) => ({
      name: `parse refuses ${name}`,
      run() {
        const message = faultOf(() => plugin.parse({ stdout, stderr: "", code: 1 }, basic));
        require(message !== undefined, "parse must throw, not make figures up");
        require(message.includes(plugin.id), `the message must name the tool: "${message}"`);
      },
    })),
    {
      name: "sample passes over lines that are not its own",
      run() {
        const sample = plugin.sample?.("some other line") ?? undefined;
        require(sample === undefined, "sample must return undefined for other lines");
      },
    },
  ];
}

const closedLoop: LoadSetup = {
  urls: [url],
  concurrency: 8,
  keepAlive: true,
  loop: "closed",
  until: { seconds: 5 },
  timeoutSeconds: 30,
  threads: 1,
  scratchDir: "/scratch",
  options: {},
};

const forwardProxy = { host: "127.0.0.1", port: 18_802 };
const openLoop: LoadSetup = { ...closedLoop, loop: "open", requestsPerSecond: 100 };

/** A load in a loop that the tool has, for made-up addresses. */
export function exampleLoad(
  plugin: LoadPlugin,
  { forward, tls }: { readonly forward: boolean; readonly tls: boolean },
): LoadSetup {
  return { ...basicSetup(plugin), ...(forward && { forwardProxy }), ...(tls && { urls: [secureUrl] }) };
}

/** In a loop that the tool has. */
function basicSetup({ supports }: LoadPlugin): LoadSetup {
  return supports.loops.includes("closed") ? closedLoop : openLoop;
}

function setups(plugin: LoadPlugin): { name: string; setup: LoadSetup }[] {
  const { supports } = plugin;
  const basic = basicSetup(plugin);
  const secure: LoadSetup = { ...basic, urls: [secureUrl] };
  return [
    { name: "a closed loop for a time", setup: closedLoop, wanted: supports.loops.includes("closed") },
    { name: "an open loop at a rate", setup: openLoop, wanted: supports.loops.includes("open") },
    { name: "a number of requests", setup: { ...basic, until: { requests: 1000 } }, wanted: supports.requestCount },
    { name: "requests without keep-alive", setup: { ...basic, keepAlive: false }, wanted: supports.noKeepAlive },
    { name: "requests through a forward proxy", setup: { ...basic, forwardProxy }, wanted: supports.forwardProxy },
    { name: "requests over TLS", setup: secure, wanted: supports.tls },
    {
      name: "requests over HTTP/2",
      setup: { ...secure, http2: true },
      wanted: supports.http2,
    },
    {
      name: "several URLs through a forward proxy",
      setup: { ...basic, urls: [url, "http://127.0.0.1:18803/"] as const, forwardProxy },
      wanted: supports.severalUrls,
    },
  ].filter(({ wanted }) => wanted);
}

function checkPlan(plugin: LoadPlugin, setup: LoadSetup): void {
  const plan = pureResult(setup, (frozen) => plugin.plan(frozen));
  requirePlan(schemas.loadPlan, plan, plugin.program);
  const text = JSON.stringify(plan);
  for (const one of setup.urls) require(text.includes(new URL(one).host), `the plan does not mention ${one}`);
  const proxy = setup.forwardProxy;
  if (proxy) require(text.includes(String(proxy.port)), "the plan does not mention the forward proxy");
}
