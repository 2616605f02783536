#!/usr/bin/env bash
# Builds the core for JavaScript: `build.sh` both forms, `build.sh wasm` or `build.sh napi` one of them.
# Safe to run again: what is fresh is left alone. Words go to stderr; tools are kept in .cache/.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export PATH="$PWD/node_modules/.bin:$PWD/.cache/tools/bin:$PATH"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

say() { printf 'core: %s\n' "$*" >&2; }

# The tool writes the glue for exactly the wasm-bindgen that Cargo.lock names.
need_wasm_bindgen() {
  local version
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
  if [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ]; then return; fi
  say "installing wasm-bindgen $version into .cache/tools (a few minutes, once)"
  cargo install --quiet wasm-bindgen-cli --version "$version" --root .cache/tools >&2
}

build_wasm() {
  local target=wasm32-unknown-unknown flags=() module out=ts/core/wasm
  # Without rustup's library for the target it is built from source (scripts/wasm-target.sh put it there).
  if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
    export RUSTC_BOOTSTRAP=1
    flags=(-Zbuild-std=std,panic_abort)
  fi
  need_wasm_bindgen
  say "building the WASM module"
  cargo build --quiet --release -p ghost-wasm --target "$target" "${flags[@]}" >&2
  module=$CARGO_TARGET_DIR/$target/release/ghost_wasm.wasm
  if [ "$out/ghost_wasm_bg.wasm" -nt "$module" ] && [ "$out/ghost_wasm_bg.wasm" -nt ts/core/scripts/build.sh ]; then return; fi
  rm -rf "$out.new"
  wasm-bindgen --target web --no-typescript --experimental-reset-state-function --remove-name-section --remove-producers-section --out-dir "$out.new" "$module" >&2
  rm -rf "$out"
  mv "$out.new" "$out"
  say "$out/ghost_wasm_bg.wasm is $(stat -c %s "$out/ghost_wasm_bg.wasm") bytes"
}

build_napi() {
  say "building the native addon"
  # The addon is put in place by a rename: overwriting it would break the processes that have it mapped.
  local out=ts/core/native
  rm -rf "$out.new"
  napi build --platform --release --strip --no-js --manifest-path crates/ghost-node/Cargo.toml \
    --package-json-path ts/core/package.json --target-dir "$CARGO_TARGET_DIR" --output-dir "$out.new" -- --quiet >&2
  mkdir -p "$out"
  mv -f "$out.new"/*.node "$out/"
  rm -rf "$out.new"
}

case "${1:-all}" in
  wasm) build_wasm ;;
  napi) build_napi ;;
  all) build_wasm && build_napi ;;
  *) say "usage: build.sh [wasm|napi]" && exit 2 ;;
esac
