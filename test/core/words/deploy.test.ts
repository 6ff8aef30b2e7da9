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

  it("mark what no trial ran under, and stay what each tool reads", () => {
    const untested = deployment({ name: "squid", cpu: 0.3, memoryBytes: 9 * 2 ** 20, untested: ["memory"] });
    expect(untested.docker).toMatch(
      /^# untested: .*memory.*\ndocker update --cpus 0\.3 --memory 9m --memory-swap 9m squid$/,
    );
    expect(untested.systemd).toMatch(/CPUQuota=30%\n# untested.*\nMemoryMax=9M$/);
    expect(untested.compose).toMatch(/cpus: "0\.3"\n +memory: 9M # untested/);
    expect(parse(untested.compose).services.squid.deploy.resources.limits).toEqual({ cpus: "0.3", memory: "9M" });
    expect(parse(untested.kubernetes).resources.limits).toEqual({ cpu: "300m", memory: "9Mi" });
    expect(untested.kubernetes.match(/# untested/g)).toHaveLength(2);
    const cpu = deployment({ name: "squid", cpu: 2, memoryBytes: 2 ** 26, untested: ["cpu"] });
    expect(cpu.systemd).toMatch(/# untested.*\nCPUQuota=200%\nMemoryMax=64M$/);
    expect(Object.values(cpu).every((text) => text.includes("# untested"))).toBe(true);
  });

  it("leave memory out where nothing is known of it", () => {
    const free = deployment({ name: "squid", cpu: 0.3 });
    expect(free.docker).toBe("docker update --cpus 0.3 squid");
    expect(Object.values(free).join()).not.toMatch(/memory/i);
  });
});
