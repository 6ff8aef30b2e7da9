#!/bin/sh
# A small Debian with systemd as process 1 and version 2 of control groups, as kernel and disk of a virtual machine.
#
#   scripts/guest-disk.sh [DIR]    prints a folder with vmlinuz and root.img; makes it on first use (some minutes)
#
# To boot without an initial RAM disk, the machine must have the disks as namespaces of one NVMe controller (to that and to
# ext4 the kernel is linked): root.img, then an ext4 file system that the guest mounts at /lab. When it has booted it
# runs /lab/guest as root, with the second serial line as its output and the console for messages, and powers off. It also
# has an ordinary user, tester.
# Needs what scripts/systemd-root.sh needs, and mke2fs. DIR (an absolute path) keeps the result for later runs:
# LAB_SYSTEMD_ROOT unless given, else lab-cache-systemd in the folder for temporary files.
set -eu

dir=${1:-${LAB_SYSTEMD_ROOT:-${TMPDIR:-/tmp}/lab-cache-systemd}}
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
# Besides a kernel what a user's own systemd needs. INITRD=No is for the kernel's package.
tar=$(INITRD=No "$here/systemd-root.sh" "$work" haproxy wrk linux-image-cloud-amd64 libpam-systemd dbus-user-session)
root=$work/root
units=$root/etc/systemd/system
mkdir "$root" "$work/made"
tar -C "$root" -xf "$tar"
rm "$tar"
mv "$root"/boot/vmlinuz-* "$work/made/vmlinuz"

# What no test needs and takes a third of the time to boot: looking for devices, loading modules, terminals, timers.
for unit in systemd-udev-trigger.service modprobe@.service getty.target timers.target; do
  ln -s /dev/null "$units/$unit"
done
# A user with a systemd of its own from the start, which may limit memory but not CPU, as in Debian before this one.
chroot "$root" useradd --create-home --uid 1000 tester
mkdir -p "$root/var/lib/systemd/linger" "$units/user@.service.d"
touch "$root/var/lib/systemd/linger/tester"
printf '[Service]\nDelegate=\nDelegate=memory pids\n' >"$units/user@.service.d/10-without-cpu.conf"
mkdir "$root/lab"
cat >"$units/lab.service" <<'UNIT'
[Unit]
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=exec
ExecStartPre=mount /dev/nvme0n2 /lab
ExecStart=/lab/guest
StandardOutput=tty
TTYPath=/dev/ttyS1
StandardError=journal+console
UNIT
ln -s ../lab.service "$units/multi-user.target.wants/lab.service"
truncate -s 1G "$work/made/root.img"
mke2fs -q -t ext4 -d "$root" "$work/made/root.img"
mv "$work/made" "$made"
echo "$made"
