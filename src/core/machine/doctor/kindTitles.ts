/** What the kinds of parts are called where several of one are listed. */
export const kindTitles = {
  proxy: "proxies",
  load: "load tools",
  limiter: "limiters",
  origin: "origins",
  model: "models",
} as const;
