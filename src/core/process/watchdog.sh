#!/bin/sh
# Ends what the lab owns if the lab ends without having done so itself, SIGKILL included.
# Reads lines "+ KIND VALUE" and "- KIND VALUE" from the lab; when the lab is gone the pipe closes.
owned=""
while IFS= read -r line; do
  case "$line" in
    "+ "*) owned="$owned
${line#+ }" ;;
    "- "*) owned=$(printf '%s\n' "$owned" | grep -vxF -- "${line#- }") ;;
  esac
done

of_kind() { printf '%s\n' "$owned" | sed -n "s/^$1 //p"; }

for pid in $(of_kind process); do
  [ "$pid" -gt 1 ] 2>/dev/null || continue # 0, 1 and negative numbers mean far more than one process
  kill -s KILL -- "-$pid" "$pid" 2>/dev/null
done
for group in $(of_kind cgroup); do
  tries=0
  while [ -d "$group" ] && [ "$tries" -lt 50 ]; do
    kill -s KILL -- $(cat "$group/cgroup.procs" 2>/dev/null) 2>/dev/null
    rmdir "$group" 2>/dev/null && break
    tries=$((tries + 1))
    sleep 0.1
  done
done
of_kind dir | while IFS= read -r dir; do
  case "$dir" in */proxy-lab-*) rm -rf -- "$dir" "/dev/shm/lab${dir##*-}"* ;; esac
done
