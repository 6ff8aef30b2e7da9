// Node before 22.18 runs no TypeScript by itself, and a new thread does not have what the lab was started with.
if (!process.features.typescript) (await import("tsx/esm/api")).register();
await import("./worker.ts");
