#!/usr/bin/env bash
# What a careful user would write instead of the lab: HAProxy level by level, a fresh process and a run of wrk three times each.
# usage, as root: bench/naive-sweep.sh "0.05 0.1 0.2" [SECONDS]     prints cpu,run,requests_per_second
set -euo pipefail
read -ra levels <<<"$1"
seconds=${2:-10} dir=$(mktemp -d) port=18400 origin=18410
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then group=/sys/fs/cgroup/naive-$$; else group=/sys/fs/cgroup/cpu/naive-$$; fi
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rmdir "$group" 2>/dev/null || true
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

limit() { # cores
  local quota
  quota=$(awk -v cpu="$1" 'BEGIN { printf "%d", cpu * 100000 }')
  if [[ -f $group/cpu.max ]]; then echo "$quota 100000" >"$group/cpu.max"; else echo "$quota" >"$group/cpu.cfs_quota_us"; fi
}
taskset -c 1 nginx -e stderr -c "$dir/nginx.conf" &
pids=($!)
mkdir "$group"
echo cpu,run,requests_per_second
for cpu in "${levels[@]}"; do
  limit "$cpu"
  for run in 1 2 3; do
    (
      echo "$BASHPID" >"$group/cgroup.procs"
      exec taskset -c 0 haproxy -db -q -f "$dir/haproxy.cfg"
    ) &
    pids+=($!)
    sleep 2
    taskset -c 1 wrk -t1 -c32 -d"${seconds}s" "http://127.0.0.1:$port/" |
      awk -v cpu="$cpu" -v run="$run" '/^Requests\/sec/ { print cpu "," run "," $2 }'
    kill "${pids[-1]}"
    wait "${pids[-1]}" 2>/dev/null || true
    unset 'pids[-1]'
  done
done
