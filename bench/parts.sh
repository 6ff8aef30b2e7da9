# Parts of the scripts that measure a proxy by hand, to be sourced. They set: port, origin and groups; these set dir and pids.
# On exit ends the processes in pids and removes the control groups in groups.
dir=$(mktemp -d)
pids=() groups=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rmdir "${groups[@]}" 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT

start_origin() {
  cat >"$dir/nginx.conf" <<NGINX
daemon off; master_process off; pid $dir/pid; error_log stderr error;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 100000000;
  server { listen 127.0.0.1:$origin; location / { return 200 "$(printf 'x%.0s' {1..1024})"; } }
}
NGINX
  taskset -c 1 nginx -e stderr -c "$dir/nginx.conf" &
  pids+=($!)
}

# Starts haproxy or traefik in the groups.
start_proxy() {
  "configure_$1"
  (
    for group in "${groups[@]}"; do echo "$BASHPID" >"$group/cgroup.procs"; done
    exec taskset -c 0 "${command[@]}"
  ) &
  pids+=($!)
}

configure_haproxy() {
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
  command=(haproxy -db -q -f "$dir/haproxy.cfg")
}

configure_traefik() {
  local traefik
  traefik=$(program traefik) # ends the script where there is none
  cat >"$dir/routes.yml" <<TRAEFIK
http:
  routers: { all: { rule: "PathPrefix(\`/\`)", entryPoints: [web], service: origins } }
  services: { origins: { loadBalancer: { servers: [{ url: "http://127.0.0.1:$origin" }] } } }
TRAEFIK
  command=(env GOMAXPROCS=1 "$traefik" "--entryPoints.web.address=127.0.0.1:$port"
    "--providers.file.filename=$dir/routes.yml" --providers.file.watch=false --log.level=ERROR
    --global.checkNewVersion=false --global.sendAnonymousUsage=false --serversTransport.maxIdleConnsPerHost=200)
}

# A program of the system, or the one that ./lab setup installed.
program() {
  command -v "$1" || compgen -G "${XDG_DATA_HOME:-$HOME/.local/share}/proxy-lab/tools/*/bin/$1" | head -1
}

limit_cpu() { # group cores
  local quota
  quota=$(awk -v cpu="$2" 'BEGIN { printf "%d", cpu * 100000 }')
  if [[ -f $1/cpu.max ]]; then echo "$quota 100000" >"$1/cpu.max"; else echo "$quota" >"$1/cpu.cfs_quota_us"; fi
}

# Requests per second over some seconds.
measure() {
  taskset -c 1 wrk -t1 -c32 -d"$1s" "http://127.0.0.1:$port/" | awk '/^Requests\/sec/ { print $2 }'
}
