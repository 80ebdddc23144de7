#!/usr/bin/env bash
# Ten million users counted by a built program, against counts that were made elsewhere: `tests/golden.sh PROGRAM`.
#
# Ids `user-100000` to `user-10099999`; the first four bytes of the digest of `exp-checkout.` and the id, big-endian,
# scaled to 100000 and cut at 5000 and 50000. A second or two for an optimised program, so this is no test of `cargo test`.
set -euo pipefail
program=$(realpath "${1:-target/release/ffctl}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

{
  echo 'schema = 1'
  for hash in sha1 md5 sha256 murmur3; do
    printf '[bucketing.custom."golden-%s"]\nhash = "%s"\ntemplate = "{key}.{unit}"\nslice = "bytes 4"\nreduce = "scale 100000"\n' \
      "$hash" "$hash"
  done
  for hash in sha1 md5 sha256 murmur3; do
    printf '[experiments.%s]\nsalt = "exp-checkout"\nbucketing = "golden-%s"\nvariants = [["a", 5], ["b", 45], ["c", 50]]\n' \
      "$hash" "$hash"
  done
} >flags.toml
seq -f 'user-%.0f' 100000 10099999 >ids.txt

check() { # hash, counts of a, b and c
  local found
  found=$("$program" simulate-rollout "$1" --population ids.txt --json |
    python3 -c 'import json, sys
print(*(variant["users"] for variant in json.load(sys.stdin)["experiment"]["variants"]))')
  if [ "$found" != "$2" ]; then
    echo "golden counts of $1: $found instead of $2" >&2
    exit 1
  fi
  echo "golden counts of $1: $found"
}
check sha1 "499709 4497906 5002385"
check md5 "499599 4497753 5002648"
check sha256 "500703 4499914 4999383"
check murmur3 "500684 4499635 4999681"
