#!/usr/bin/env bash
# What a careful user would write instead of the lab: a proxy level by level, a fresh process and a run of wrk three times each.
# usage, as root: bench/naive-sweep.sh haproxy|traefik "0.05 0.1 0.2" [SECONDS]     prints cpu,run,requests_per_second
set -euo pipefail
proxy=$1 seconds=${3:-10} port=18400 origin=18410
read -ra levels <<<"$2"
source "$(dirname "$0")/parts.sh"
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then groups=(/sys/fs/cgroup/naive-$$); else groups=(/sys/fs/cgroup/cpu/naive-$$); fi

start_origin
mkdir "${groups[@]}"
echo cpu,run,requests_per_second
for cpu in "${levels[@]}"; do
  limit_cpu "${groups[0]}" "$cpu"
  for run in 1 2 3; do
    start_proxy "$proxy"
    sleep 2
    echo "$cpu,$run,$(measure "$seconds")"
    kill "${pids[-1]}"
    wait "${pids[-1]}" 2>/dev/null || true
    unset 'pids[-1]'
  done
done
