#!/usr/bin/env bash
# What one would type to measure HAProxy under a CPU limit without the lab: prints requests per second.
# usage, as root: bench/by-hand.sh CPU [SECONDS]
set -euo pipefail
cpu=$1 seconds=${2:-10}
dir=$(mktemp -d)
port=18300 origin=18310
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then group=/sys/fs/cgroup/by-hand-$$; else group=/sys/fs/cgroup/cpu/by-hand-$$; fi
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

taskset -c 1 nginx -e stderr -c "$dir/nginx.conf" &
pids+=($!)
mkdir "$group"
(echo "$BASHPID" >"$group/cgroup.procs" && exec taskset -c 0 haproxy -db -q -f "$dir/haproxy.cfg") &
pids+=($!)
sleep 1
quota=$(awk -v cpu="$cpu" 'BEGIN { printf "%d", cpu * 100000 }')
if [[ -f $group/cpu.max ]]; then echo "$quota 100000" >"$group/cpu.max"; else echo "$quota" >"$group/cpu.cfs_quota_us"; fi
load() { taskset -c 1 wrk -t1 -c32 -d"$1"s "http://127.0.0.1:$port/"; }
load 2 >/dev/null
load "$seconds" | awk '/^Requests\/sec/ { print $2 }'
