import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deployment, formatLimit } from "../../../src/core/words/deploy.ts";

describe("limits to paste", () => {
  const { docker, compose, systemd, kubernetes } = deployment({ name: "haproxy", cpu: 0.4912, memoryBytes: 128e6 });

  it("are rounded up, so that none is less than what was asked for", () => {
    expect(docker).toBe("docker update --cpus 0.492 --memory 123m --memory-swap 123m haproxy");
    expect(systemd).toBe("# systemctl edit haproxy.service\n[Service]\nCPUQuota=49.2%\nMemoryMax=123M");
  });

  it("are YAML where YAML is wanted", () => {
    expect(parse(compose).services.haproxy.deploy.resources.limits).toEqual({ cpus: "0.492", memory: "123M" });
    expect(parse(kubernetes).resources).toEqual({
      requests: { cpu: "492m", memory: "123Mi" },
      limits: { cpu: "492m", memory: "123Mi" },
    });
  });

  it("are told rounded up, too, with a third decimal where there is one", () => {
    const cores = [0.4912, 0.2981, 0.3, 0.025, 0.0996, 1, 0.1 + 0.2];
    expect(cores.map(formatLimit)).toEqual(["0.492", "0.299", "0.30", "0.025", "0.10", "1.00", "0.30"]);
  });

  it("leave memory out where nothing is known of it", () => {
    const free = deployment({ name: "squid", cpu: 0.3 });
    expect(free.docker).toBe("docker update --cpus 0.3 squid");
    expect(Object.values(free).join()).not.toMatch(/memory/i);
  });
});
