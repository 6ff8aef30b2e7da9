import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findEndpoint, localAddress } from "../../../../src/plugins/limiters/docker/endpoint.ts";

type Files = Record<string, string>;

function find(env: Record<string, string>, files: Files = {}) {
  return findEndpoint({ env: { HOME: "/home/me", ...env }, readText: async (path) => files[path] });
}

const idOf = (name: string) => createHash("sha256").update(name).digest("hex");

function context(name: string, docker: object, dir = "/home/me/.docker"): Files {
  return { [`${dir}/contexts/meta/${idOf(name)}/meta.json`]: JSON.stringify({ Name: name, Endpoints: { docker } }) };
}

const chosen = (name: string): Files => ({ "/home/me/.docker/config.json": JSON.stringify({ currentContext: name }) });

describe("finding the daemon", () => {
  it("takes the usual socket where nothing is chosen", async () => {
    const usual = { url: "unix:///var/run/docker.sock", from: "the default" };
    expect(await find({})).toEqual(usual);
    expect(await find({}, chosen("default"))).toEqual(usual);
    expect(
      await find({ DOCKER_CONTEXT: "default" }, { ...chosen("one"), ...context("one", { Host: "unix:///one" }) }),
    ).toEqual(usual);
  });

  it("takes DOCKER_HOST before DOCKER_CONTEXT before the context in use", async () => {
    const files = {
      ...chosen("one"),
      ...context("one", { Host: "unix:///one" }),
      ...context("two", { Host: "unix:///two" }),
    };
    expect(await find({}, files)).toEqual({ url: "unix:///one", from: "context one" });
    expect(await find({ DOCKER_CONTEXT: "two" }, files)).toEqual({ url: "unix:///two", from: "context two" });
    expect(await find({ DOCKER_CONTEXT: "two", DOCKER_HOST: "unix:///three" }, files)).toEqual({
      url: "unix:///three",
      from: "DOCKER_HOST",
    });
  });

  it("looks for contexts where DOCKER_CONFIG says", async () => {
    const files = context("one", { Host: "unix:///one" }, "/etc/docker-of-mine");
    expect(await find({ DOCKER_CONFIG: "/etc/docker-of-mine", DOCKER_CONTEXT: "one" }, files)).toMatchObject({
      url: "unix:///one",
    });
  });

  it("takes certificates from a context and for DOCKER_HOST", async () => {
    const tls = `/home/me/.docker/contexts/tls/${idOf("one")}/docker`;
    const files = { ...context("one", { Host: "tcp://127.0.0.1:2376", SkipTLSVerify: true }), [`${tls}/ca.pem`]: "CA" };
    expect(await find({ DOCKER_CONTEXT: "one" }, files)).toMatchObject({ tls: { ca: "CA", trustAny: true } });
    const own = { "/certs/ca.pem": "CA", "/certs/cert.pem": "C", "/certs/key.pem": "K" };
    const env = { DOCKER_HOST: "tcp://127.0.0.1:2376", DOCKER_CERT_PATH: "/certs" };
    expect(await find({ ...env, DOCKER_TLS_VERIFY: "1" }, own)).toMatchObject({
      tls: { ca: "CA", cert: "C", key: "K" },
    });
    expect(await find(env, own)).not.toHaveProperty("tls");
  });

  it("says what is wrong with a context", async () => {
    await expect(find({ DOCKER_CONTEXT: "gone" })).rejects.toThrow('"gone"');
    await expect(find({ DOCKER_CONTEXT: "k8s" }, context("k8s", {}))).rejects.toThrow('"k8s"');
    const broken = { "/home/me/.docker/config.json": "{" };
    await expect(find({}, broken)).rejects.toThrow(/^\/home\/me\/\.docker\/config\.json\b.*JSON/);
  });
});

describe("the address of a daemon", () => {
  const addressOf = (url: string, tls = false) =>
    localAddress({ url, from: "DOCKER_HOST", ...(tls ? { tls: {} } : {}) });

  it.each([
    ["unix:///run/user/1/docker.sock", { socketPath: "/run/user/1/docker.sock" }],
    ["unix://", { socketPath: "/var/run/docker.sock" }],
    ["tcp://127.0.0.1:4321", { host: "127.0.0.1", port: 4321, protocol: "http" }],
    ["tcp://localhost", { host: "localhost", port: 2375, protocol: "http" }],
    ["127.0.0.1:4321", { host: "127.0.0.1", port: 4321, protocol: "http" }],
    ["tcp://[::1]:4321", { host: "::1", port: 4321, protocol: "http" }],
    ["https://127.1.2.3/", { host: "127.1.2.3", port: 2376, protocol: "https" }],
  ])("of %s is read", (url, address) => {
    expect(addressOf(url)).toEqual(address);
  });

  it("is spoken to over TLS where there are certificates", () => {
    expect(addressOf("tcp://127.0.0.1", true)).toEqual({ host: "127.0.0.1", port: 2376, protocol: "https" });
  });

  it.each([
    ["tcp://192.0.2.1:2375", "on another machine"],
    ["tcp://127.0.0.1.example.org:2375", "on another machine"],
    ["tcp://not-localhost:2375", "on another machine"],
    ["ssh://me@example.org", "over ssh"],
    ["npipe:////./pipe/docker_engine", "neither unix:///PATH nor tcp://HOST:PORT"],
    ["tcp://127.0.0.1:port", "neither"],
  ])("of %s is refused", (url, reason) => {
    expect(() => addressOf(url)).toThrow(reason);
    expect(() => addressOf(url)).toThrow(url);
  });

  it("is one of this machine or none, whatever is written", () => {
    fc.assert(
      fc.property(fc.domain(), fc.constantFrom("tcp", "http", "https"), (name, scheme) => {
        expect(() => addressOf(`${scheme}://${name}`)).toThrow("on another machine");
      }),
    );
  });
});
