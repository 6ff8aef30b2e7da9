#!/bin/sh
# enter.sh OPEN_FILES CORES CGROUP_DIR... -- PROGRAM ARGUMENT...
# Joins control groups, sets the limit on open files, pins to cores, and becomes the program,
# so that everything the program ever does is already confined.
open_files=$1
cores=$2
shift 2
while [ "$1" != "--" ]; do
  echo $$ >"$1/cgroup.procs" || exit 126
  shift
done
shift
ulimit -n "$open_files" || exit 126
[ -n "$cores" ] && exec taskset -c "$cores" "$@"
exec "$@"
