#!/bin/sh
# A small Debian with systemd as process 1 and version 2 of control groups, as kernel and disk of a virtual machine.
#
#   scripts/guest-disk.sh [DIR]    prints a folder with vmlinuz, initrd and root.img; makes it on first use (some minutes)
#
# When it has booted, the guest mounts the ext4 file system with the label "lab" at /lab, read-only, runs /lab/guest as
# root, with the second serial line as its output and the console for its messages, and powers off.
# Needs what scripts/systemd-root.sh needs, and mke2fs. DIR (an absolute path) keeps the result for later runs:
# LAB_SYSTEMD_ROOT unless given, else lab-cache-systemd in the folder for temporary files.
set -eu

dir=${1:-${LAB_SYSTEMD_ROOT:-${TMPDIR:-/tmp}/lab-cache-systemd}}
megabytes=1000
here=$(dirname "$0")

fail() {
  echo "guest-disk.sh: $*" >&2
  exit 1
}

# Another way of making it is another folder, so that a change of it is not passed over.
made=$dir/guest-$(cat "$0" "$here/systemd-root.sh" | cksum | cut -d' ' -f1)
if [ -d "$made" ]; then
  echo "$made"
  exit
fi
PATH=$PATH:/usr/sbin:/sbin
command -v mke2fs >/dev/null || fail "no mke2fs: apt-get install e2fsprogs"

mkdir -p "$dir"
work=$(mktemp -d "$dir/making-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM
# A kernel, and what a user's own systemd needs; initramfs-tools comes with the kernel.
tar=$("$here/systemd-root.sh" "$work" haproxy wrk linux-image-cloud-amd64 libpam-systemd dbus-user-session)
root=$work/root
mkdir "$root" "$work/made"
tar -C "$root" -xf "$tar"
rm "$tar"
mv "$root"/boot/vmlinuz-* "$work/made/vmlinuz"
mv "$root"/boot/initrd.img-* "$work/made/initrd"

rm -f "$root"/etc/systemd/system/timers.target.wants/*
mkdir "$root/lab"
echo "LABEL=lab /lab ext4 ro 0 0" >"$root/etc/fstab"
cat >"$root/etc/systemd/system/lab.service" <<'UNIT'
[Unit]
RequiresMountsFor=/lab
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=exec
ExecStart=/lab/guest
StandardOutput=tty
TTYPath=/dev/ttyS1
StandardError=journal+console
UNIT
ln -s ../lab.service "$root/etc/systemd/system/multi-user.target.wants/lab.service"
truncate -s "${megabytes}M" "$work/made/root.img"
mke2fs -q -t ext4 -d "$root" "$work/made/root.img"
mv "$work/made" "$made"
echo "$made"
