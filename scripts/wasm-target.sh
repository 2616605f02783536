#!/usr/bin/env bash
# Makes sure that wasm32-unknown-unknown can be built for: rustup's target, or the library's source beside the compiler.
set -euo pipefail
target=wasm32-unknown-unknown
sysroot=$(rustc --print sysroot)

[ -d "$sysroot/lib/rustlib/$target/lib" ] && exit 0
if command -v rustup >/dev/null && rustup target add "$target" >&2; then exit 0; fi

# Fallback: cargo -Zbuild-std builds the library from source; scripts/build-wasm.sh notices the folder made here.
src="$sysroot/lib/rustlib/src/rust/library"
[ -d "$src" ] && exit 0
version=$(rustc --version | cut -d' ' -f2)
echo "setup: rustup has no $target here; taking the library's source from Debian's rust-src $version" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$({ sed -n 's/^URIs: *//p; s/^deb \([^ ]*\).*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } | awk '/\/debian\/*$/ && !seen++')
printf 'deb [trusted=yes] %s trixie-backports main\n' "$mirror" > "$work/sources.list"
mkdir -p "$work/lists/partial"
apt_with=(apt-get -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists")
"${apt_with[@]}" update -qq >&2
(cd "$work" && "${apt_with[@]}" download rust-src >&2 && dpkg-deb -x rust-src_*.deb unpacked)
mkdir -p "$(dirname "$src")"
cp -r "$work/unpacked/usr/src/rustc-$version/library" "$src"
