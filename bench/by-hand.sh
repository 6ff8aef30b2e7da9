#!/usr/bin/env bash
# What one would type to measure HAProxy under a CPU limit without the lab: prints requests per second for each line it reads.
# usage, as root: bench/by-hand.sh CPU MEMORY_BYTES [SECONDS]
set -euo pipefail
cpu=$1 memory=$2 seconds=${3:-10} port=18300 origin=18310
source "$(dirname "$0")/parts.sh"
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
  groups=(/sys/fs/cgroup/by-hand-$$) memory_file=memory.max
else
  groups=(/sys/fs/cgroup/{cpu,memory}/by-hand-$$) memory_file=memory.limit_in_bytes
fi

start_origin
mkdir "${groups[@]}"
echo "$memory" >"${groups[-1]}/$memory_file"
start_proxy haproxy
sleep 1
limit_cpu "${groups[0]}" "$cpu"
measure 2 >/dev/null
echo ready
while read -r; do measure "$seconds"; done
