#!/usr/bin/env bash
# What one would type to measure HAProxy under a CPU limit without the lab: prints requests per second.
# usage, as root: bench/by-hand.sh CPU MEMORY_BYTES [SECONDS]
set -euo pipefail
cpu=$1 memory=$2 seconds=${3:-10}
dir=$(mktemp -d)
port=18300 origin=18310
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
  groups=(/sys/fs/cgroup/by-hand-$$) cpu_file=cpu.max memory_file=memory.max
else
  groups=(/sys/fs/cgroup/{cpu,memory}/by-hand-$$) cpu_file=cpu.cfs_quota_us memory_file=memory.limit_in_bytes
fi
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rmdir "${groups[@]}" 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT

cat >"$dir/nginx.conf" <<NGINX
daemon off; master_process off; pid $dir/pid; error_log stderr error;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 100000000;
  server { listen 127.0.0.1:$origin; location / { return 200 "$(printf 'x%.0s' {1..1024})"; } }
}
NGINX
cat >"$dir/haproxy.cfg" <<HAPROXY
global
  nbthread 1
  maxconn 1000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  retries 0
frontend f
  bind 127.0.0.1:$port
  default_backend b
backend b
  server s 127.0.0.1:$origin
HAPROXY

taskset -c 1 nginx -e stderr -c "$dir/nginx.conf" &
pids+=($!)
mkdir "${groups[@]}"
echo "$memory" >"${groups[-1]}/$memory_file"
(
  for group in "${groups[@]}"; do echo "$BASHPID" >"$group/cgroup.procs"; done
  exec taskset -c 0 haproxy -db -q -f "$dir/haproxy.cfg"
) &
pids+=($!)
sleep 1
awk -v cpu="$cpu" 'BEGIN { printf "%d", cpu * 100000 }' >"${groups[0]}/$cpu_file"
load() { taskset -c 1 wrk -t1 -c32 -d"$1"s "http://127.0.0.1:$port/"; }
load 2 >/dev/null
load "$seconds" | awk '/^Requests\/sec/ { print $2 }'
