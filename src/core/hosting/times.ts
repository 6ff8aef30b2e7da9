/** How long each hook may take, in milliseconds: far more than a sound plugin takes, short enough to wait for a bad one. */
export const hookTimes = {
  detect: 10_000,
  detectInImage: 60_000,
  plan: 5_000,
  planOwn: 5_000,
  checkOwn: 5_000,
  writeOrigins: 5_000,
  upstreamsIn: 5_000,
  parse: 10_000,
  sample: 1_000,
  fit: 60_000,
  predict: 20_000,
  outcomes: 20_000,
  explain: 5_000,
  imageOf: 5_000,
  /** Since it last told of progress. */
  prepare: 60_000,
  start: 60_000,
  update: 30_000,
  usage: 5_000,
  limits: 5_000,
  tail: 2_000,
  /** More than the time that it is given to stop the process gently. */
  stop: 20_000,
};

export type HookTimes = Readonly<typeof hookTimes>;

/** How long the module of a plugin may take to load, in milliseconds. */
export const loadTimeMs = 10_000;
