#!/bin/sh
# A small Debian with systemd as a tar file, for tests that need systemd where another program is process 1.
#
#   scripts/systemd-root.sh [DIR] [PACKAGE...]
#
# Prints the path of the tar file; makes it on first use (some minutes). PACKAGE: Debian packages to have in it besides
# systemd, such as those of proxies and load tools. DIR (an absolute path) keeps the result for later runs:
# LAB_SYSTEMD_ROOT unless given, else lab-cache-systemd in the folder for temporary files.
# Needs root, the Debian package debootstrap, and a Debian mirror (DEBIAN_MIRROR, else debootstrap's own).
set -eu

dir=${LAB_SYSTEMD_ROOT:-${TMPDIR:-/tmp}/lab-cache-systemd}
case ${1:-} in
  /*)
    dir=$1
    shift
    ;;
esac
suite=bookworm
# Besides systemd: the origins' server, and what programs need that do not come from Debian (Node, those of PyPI).
packages=$(printf '%s\n' systemd systemd-sysv dbus nginx-light libstdc++6 python3 "$@" | sort -u | paste -sd,)

fail() {
  echo "systemd-root.sh: $*" >&2
  exit 1
}

# Another list of packages is another file, so that a change of it is not passed over.
tar=$dir/$suite-$(printf %s "$packages" | cksum | cut -d' ' -f1).tar
if [ -s "$tar" ]; then
  echo "$tar"
  exit
fi
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || fail "must run as root"
command -v debootstrap >/dev/null || fail "no debootstrap: apt-get install debootstrap"

mkdir -p "$dir"
work=$(mktemp -d "$dir/making-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM
debootstrap --variant=minbase --include="$packages" "$suite" "$work/root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} \
  >"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  fail "debootstrap failed"
}
# Only the lab is to start proxies and origins.
rm -f "$work"/root/etc/systemd/system/multi-user.target.wants/*.service
rm -rf "$work/root/var/cache/apt/archives" "$work/root/var/lib/apt/lists"
tar -C "$work/root" --one-file-system -cf "$work/root.tar" .
mv "$work/root.tar" "$tar"
echo "$tar"
