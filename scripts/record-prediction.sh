#!/bin/sh
# Records the data behind the benches of prediction, as root, on a machine that does nothing else; about 50 minutes.
# usage: scripts/record-prediction.sh [STORE [BUNDLE]]
set -eu
cd "$(dirname "$0")/.."
store=${1:-/tmp/prediction.sqlite}
bundle=${2:-data/prediction.ndjson.gz}

dense=0.03,0.034,0.039,0.044,0.05,0.056,0.064,0.072,0.082,0.093,0.106,0.12,0.136,0.154,0.175,0.198,0.225,0.255,0.29,0.329
dense=$dense,0.373,0.423,0.479,0.544,0.617,0.7,0.793,0.9
again=0.034,0.044,0.056,0.072,0.093,0.12,0.154,0.198,0.255,0.329,0.423,0.544,0.7,0.9
few=0.035,0.055,0.09,0.15,0.24,0.4,0.65

sweep() {
  ./lab sweep --load wrk --limiter cgroup --memory 256M --servers 1 --window 5s --max-window 8s --warmup 3s --store "$store" "$@" || [ $? -eq 3 ] # some trials failed: the others are wanted
}
role_of() { case $1 in haproxy | traefik) echo reverse ;; *) echo forward ;; esac; }

for proxy in haproxy mitmproxy traefik squid; do
  sweep --proxy $proxy --role "$(role_of $proxy)" --cpu $dense --concurrency 32 --seed 11
done
for pair in haproxy,traefik squid,mitmproxy; do
  role=$(role_of "${pair%,*}")
  sweep --proxy $pair --role "$role" --cpu $few --concurrency 8,128 --anchors 0 --seed 15
  sweep --proxy $pair --role "$role" --cpu $again --concurrency 32 --anchors 0 --seed 21
done
for proxy in haproxy traefik mitmproxy squid; do
  npm run --silent bench:prediction-inverse -- "$store" $proxy
done
./lab bundle "$bundle" --store "$store"
