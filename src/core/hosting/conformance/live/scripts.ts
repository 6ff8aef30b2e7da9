/** Memory that the hog takes at most, in kB: should its limit not be in force, the machine must not suffer. */
const hogKilobytes = 400_000;

/** Programs for /bin/sh. Those that end wait first: a limiter may need a moment to see that they run. */
export const scripts = {
  busy: "trap 'exit 0' TERM; while :; do :; done",
  ending: `{ env; echo "open files: $(ulimit -n)"; grep Cpus_allowed_list: /proc/self/status; } >surroundings
echo last words >&2; sleep 1; exit 7`,
  stubborn: "trap '' TERM; echo >ready; sleep 1000 & while :; do sleep 0.1; done",
  hog: `sleep 1; ulimit -v ${hogKilobytes}; exec tail /dev/zero`,
} as const;
