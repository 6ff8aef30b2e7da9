import type { PluginOptions, Profile, ProxyPlugin, ProxySetup, Role, ServerTls } from "../../contract/index.ts";
import * as schemas from "../schemas.ts";
import { type Check, pureResult, require, requirePlan, tlsVersions } from "./check.ts";
import { optionCases } from "./optionCases.ts";

const profiles = ["fair", "as-shipped"] as const;
const listen = { host: "127.0.0.1", port: 18_801 };
const firstOrigin = { host: "127.0.0.1", port: 18_901 };
const moreOrigins = [18_902, 18_903].map((port) => ({ host: "127.0.0.1", port }));

/** Rules for proxies: for each role and profile a pure plan that says where to listen and what to pass on to. */
export function proxyChecks(plugin: ProxyPlugin, options: PluginOptions): Check[] {
  const { roles, balancing } = plugin.supports;
  const counts = (role: Role) => (role === "forward" || balancing ? [1, 3] : [1]);
  const plain = roles.flatMap((role) =>
    profiles.flatMap((profile) =>
      counts(role).map((count) => ({
        name: `plans a ${role} proxy, ${profile}, ${count} origin(s)`,
        run() {
          const setup = { ...exampleSetup(role, profile, count), options };
          // `version` is absent where none is known.
          for (const one of [setup, { ...setup, version: "1.0.0" }]) checkPlan(plugin, one);
        },
      })),
    ),
  );
  const optioned = optionCases(plugin.options).map(({ name, value, words }) => ({
    name: `plans with the option ${words}`,
    run() {
      for (const role of roles)
        for (const profile of profiles)
          checkPlan(plugin, { ...exampleSetup(role, profile, 1), options: { ...options, [name]: value } });
    },
  }));
  return [...plain, ...tlsChecks(plugin, options), ...optioned];
}

/** Over TLS, where it knows that: the files of the certificate are in the plan, and HTTP/2 makes another one. */
function tlsChecks(plugin: ProxyPlugin, options: PluginOptions): Check[] {
  const { tls, tlsResumption = [], http2 = false } = plugin.supports;
  if (!tls) return [];
  return tlsVersions.map((version) => ({
    name: `plans a reverse proxy over TLS ${version}`,
    run() {
      for (const resumption of tlsResumption.includes(version) ? [true, false] : [false]) {
        const setup = { ...exampleSetup("reverse", "fair", 1), options, tls: exampleTls(version, resumption) };
        const text = checkPlan(plugin, setup);
        const { certificateFile, combinedFile } = setup.tls;
        require(text.includes(certificateFile) ||
          text.includes(combinedFile), "the plan does not mention the file of the certificate");
        if (!http2) continue;
        require(checkPlan(plugin, { ...setup, http2 }) !== text, "HTTP/2 makes no difference to the plan");
      }
    },
  }));
}

/** TLS with files that are nowhere. */
export function exampleTls(version: ServerTls["version"], resumption: boolean): ServerTls {
  const [certificateFile, keyFile, combinedFile] = ["certificate", "key", "combined"].map(
    (name) => `/scratch/tls/${name}.pem`,
  ) as [string, string, string];
  return { certificateFile, keyFile, combinedFile, version, resumption };
}

/** A setup of made-up addresses. */
export function exampleSetup(role: Role, profile: Profile, count: number): Omit<ProxySetup, "options"> {
  return {
    role,
    profile,
    listen,
    origins: [firstOrigin, ...moreOrigins.slice(0, count - 1)],
    threads: 1,
    openFiles: 8192,
    connections: 32,
    memoryBytes: 2 ** 28,
    scratchDir: "/scratch",
    instance: "labA1",
  };
}

/** The plan as text. */
function checkPlan(plugin: ProxyPlugin, setup: ProxySetup): string {
  const plan = pureResult(setup, (frozen) => plugin.plan(frozen));
  requirePlan(schemas.proxyPlan, plan, plugin.program);
  const text = JSON.stringify(plan);
  require(text.includes(String(listen.port)), "the plan does not mention the port to listen on");
  if (setup.role === "forward") return text;
  for (const { port } of setup.origins)
    require(text.includes(String(port)), `the plan does not mention the origin on port ${port}`);
  return text;
}
