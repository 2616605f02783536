#!/usr/bin/env bash
# Builds target/edge/ghost-edge: one binary that needs no library of the machine it runs on.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(rustc -vV | sed -n 's/^host: //p')
# A target of its own: macros are libraries, and cannot be linked statically.
RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked -p ghost-edge --target "$target"
mkdir -p target/edge
cp "target/$target/release/ghost-edge" target/edge/ghost-edge
if ldd target/edge/ghost-edge 2>/dev/null | grep -q '=>'; then
  echo "ghost-edge still needs libraries:" >&2
  ldd target/edge/ghost-edge >&2
  exit 1
fi
