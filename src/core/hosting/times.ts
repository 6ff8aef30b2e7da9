/** How long each hook may take, in milliseconds. */
export interface HookTimes {
  readonly detect: number;
  readonly detectInImage: number;
  readonly plan: number;
  readonly parse: number;
  readonly sample: number;
  readonly fit: number;
  readonly predict: number;
  readonly explain: number;
  readonly imageOf: number;
  /** Since it last told of progress. */
  readonly prepare: number;
  readonly start: number;
  readonly update: number;
  readonly usage: number;
  readonly limits: number;
  readonly tail: number;
  /** More than the time that it is given to stop the process gently. */
  readonly stop: number;
}

/** Far more than a sound plugin takes; short enough to wait for a bad one. */
export const hookTimes: HookTimes = {
  detect: 10_000,
  detectInImage: 60_000,
  plan: 5_000,
  parse: 10_000,
  sample: 1_000,
  fit: 60_000,
  predict: 20_000,
  explain: 5_000,
  imageOf: 5_000,
  prepare: 60_000,
  start: 60_000,
  update: 30_000,
  usage: 5_000,
  limits: 5_000,
  tail: 2_000,
  stop: 20_000,
};

/** How long the module of a plugin may take to load, in milliseconds. */
export const loadTimeMs = 10_000;
