import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { API_VERSION } from "../src/core/contract/index.ts";

/** The declarations of types/contract, in the order in which an author meets them. */
const sections = [
  ["plugin", "Every plugin", "What plugins of all kinds have."],
  ["define", "Making a plugin", "Each takes a description, adds kind and contract version, and returns the plugin."],
  ["proxy", "Proxies", "A proxy plugin says how its program is started in front of some servers."],
  ["load", "Load tools", "A load-tool plugin says how its program is started, and reads what it prints."],
  ["output", "Faults of load tools", "What `parse` throws, and what helps to say why."],
  ["limiter", "Limiters", "A limiter starts processes under limits, and reads their counters."],
  ["model", "Models", "A model learns a figure from trials and predicts it."],
  ["options", "Options", "What users may set of a plugin."],
  ["launch", "What is started", "A launch is data: plugins describe, the lab starts."],
  ["host", "The machine", "What plugins may ask of the machine, and what a limiter may do on it."],
  ["version", "Versions", "The contract has a semantic version; a package names the range that it needs."],
] as const;

/** docs/contract.md. */
export function contractReference(): string {
  const parts = sections.map(([file, title, about]) => {
    const text = readFileSync(new URL(`../types/contract/${file}.d.ts`, import.meta.url), "utf8");
    return `## ${title}\n\n${about}\n\n\`\`\`ts\n${declarations(text)}\n\`\`\`\n`;
  });
  const contents = sections.map(([, title]) => `[${title}](#${title.toLowerCase().replaceAll(" ", "-")})`).join(" · ");
  return `# The plugin contract, version ${API_VERSION}

Every field that a plugin has, gets or returns; all of it comes from \`proxy-lab/contract\`. [write-a-plugin.md](write-a-plugin.md)
shows how to use it. Made from the declarations in \`types/contract\` by \`npm run docs:types\`.

${contents}

${parts.join("\n")}`;
}

/** Without imports, which only say in which file a name is. */
function declarations(text: string): string {
  return text
    .replaceAll(/^(import|export) .*from ".*";\n/gm, "")
    .replaceAll(/^export (declare )?/gm, "")
    .replaceAll("    ", "  ")
    .trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL("../docs/contract.md", import.meta.url), contractReference());
