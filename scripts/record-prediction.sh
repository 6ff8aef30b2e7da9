#!/bin/sh
# Records the data behind the benches of prediction, as root, on a machine that does nothing else; about 50 minutes.
# usage: scripts/record-prediction.sh [STORE [BUNDLE]]
set -eu
cd "$(dirname "$0")/.."
store=${1:-/tmp/prediction.sqlite}
bundle=${2:-data/prediction.ndjson.gz}
proxies="haproxy mitmproxy traefik squid"

sweep() {
  ./lab sweep --load wrk --limiter cgroup --memory 256M --servers 1 --window 3s --max-window 3s --warmup 3s --store "$store" "$@" || [ $? -eq 3 ] # some trials failed: the others are wanted
}
role_of() { case $1 in haproxy | traefik) echo reverse ;; *) echo forward ;; esac; }
# A window is to hold a hundred requests and more: mitmproxy takes two to three milliseconds for one.
lowest_of() { case $1 in mitmproxy) echo 0.13 ;; *) echo 0.03 ;; esac; }

for proxy in $proxies; do
  sweep --proxy "$proxy" --role "$(role_of "$proxy")" --cpu "$(lowest_of "$proxy")..0.9/30" --concurrency 32 --replicates 4 --seed 21
done
for proxy in $proxies; do
  sweep --proxy "$proxy" --role "$(role_of "$proxy")" --cpu "$(lowest_of "$proxy")..0.65/7" --concurrency 8,128 --anchors 0 --seed 25
done
for proxy in $proxies; do
  npm run --silent bench:prediction-inverse -- "$store" "$proxy"
done
./lab bundle "$bundle" --store "$store" --note "recorded for the benches of prediction"
