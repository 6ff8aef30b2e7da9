#!/bin/sh
# A Docker daemon for tests, on machines where no service manager starts one.
#
#   scripts/dockerd.sh start [DIR] [dockerd options]   does nothing where a daemon answers already
#   scripts/dockerd.sh status                          exit code 0 when a daemon answers
#   scripts/dockerd.sh stop [DIR]                      ends the daemon of DIR and removes all that it left
#
# Needs root and the Debian package docker.io (which brings containerd and runc). The daemon listens where clients look:
# at DOCKER_HOST if that is a unix socket, else at /var/run/docker.sock. The socket is printed; so is what goes wrong.
# Everything else of the daemon (images, state, log, pid file) is in DIR. It makes no bridge and no firewall rules:
# containers use the host's network or none.
set -eu

default_dir=${TMPDIR:-/tmp}/proxy-lab-dockerd
socket_url=${DOCKER_HOST:-unix:///var/run/docker.sock}

fail() {
  echo "dockerd.sh: $*" >&2
  exit 1
}

answers() {
  docker --host "$socket_url" version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# True while process $1 runs; one that has ended and only waits for its parent does not.
alive() {
  [ -n "$1" ] && state=$(awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null) && [ "${state:-Z}" != Z ]
}

# Prints the pid of the daemon of $1 if it is running.
running() {
  [ -r "$1/dockerd.pid" ] || return 1
  pid=$(cat "$1/dockerd.pid")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && alive "$pid" && echo "$pid"
}

start() {
  dir=$1
  shift
  if answers; then
    echo "$socket_url"
    return
  fi
  case $socket_url in
    unix:///*) ;;
    *) fail "nothing answers at $socket_url, and only a unix socket can be served here" ;;
  esac
  [ "$(id -u)" = 0 ] || fail "must run as root"
  PATH=$PATH:/usr/sbin:/sbin
  command -v dockerd >/dev/null || fail "no dockerd: apt-get install docker.io"
  command -v docker >/dev/null || fail "no docker client: apt-get install docker-cli (before Debian 13: docker.io)"
  ! pid=$(running "$dir") || fail "process $pid of $dir is running, but nothing answers at $socket_url"
  [ ! -d "$dir" ] || clean "$dir"

  mkdir -p "$dir"
  echo "$socket_url" >"$dir/socket"
  setsid dockerd --host "$socket_url" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/dockerd.pid" \
    --bridge=none --iptables=false --ip6tables=false "$@" </dev/null >"$dir/dockerd.log" 2>&1 &
  daemon=$!
  tries=0
  until answers; do
    tries=$((tries + 1))
    if [ $tries -gt 150 ] || ! alive "$daemon"; then
      tail -n 20 "$dir/dockerd.log" >&2
      kill "$daemon" 2>/dev/null || true
      fail "the daemon does not answer; its log is $dir/dockerd.log"
    fi
    sleep 0.2
  done
  echo "$socket_url"
}

# Ends what a killed daemon left running (containers, and the shim process of each), then removes mounts, control
# groups and files below $1.
clean() {
  dir=$1
  [ -e "$dir/socket" ] || fail "$dir was not made by this script: left as it is"
  socket=$(sed 's,^unix://,,' "$dir/socket")
  for bundle in "$dir"/exec/containerd/daemon/io.containerd.runtime.v2.task/moby/*; do
    [ -d "$bundle" ] || continue
    end "$(cat "$bundle/init.pid" 2>/dev/null)"
    for shim in $(pgrep -f "containerd-shim.* -id ${bundle##*/} "); do end "$shim"; done
    find /sys/fs/cgroup -depth -type d -path "*/docker/${bundle##*/}*" -exec rmdir {} \; 2>/dev/null || true
  done
  awk -v below="$dir/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
    umount "$mount" 2>/dev/null || umount -l "$mount"
  done
  rm -rf --one-file-system "$dir"
  rm -f "$socket" # a daemon that ended by itself has removed it
  # Only empty control groups can be removed, so those of another daemon stay.
  find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name docker -exec rmdir {} \; 2>/dev/null || true
}

# Kills process $1, if there is one, and waits until it is gone.
end() {
  tries=0
  while alive "$1" && kill -KILL "$1" 2>/dev/null && [ $tries -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
}

stop() {
  dir=$1
  if pid=$(running "$dir"); then
    kill "$pid"
    tries=0
    while alive "$pid"; do
      tries=$((tries + 1))
      if [ $tries -gt 150 ]; then
        echo "dockerd.sh: the daemon (pid $pid) did not end within 30 s: killing it" >&2
        kill -KILL "$pid"
      fi
      sleep 0.2
    done
  fi
  [ ! -d "$dir" ] || clean "$dir"
}

command=${1:-start}
[ $# -eq 0 ] || shift
dir=$default_dir
case ${1:-} in
  /*)
    dir=$1
    shift
    ;;
esac
case $command in
  start) start "$dir" "$@" ;;
  status) answers ;;
  stop) stop "$dir" ;;
  *) fail "start, status or stop, not $command" ;;
esac
