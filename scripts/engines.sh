#!/usr/bin/env bash
# Puts the engines that Ghost supports beside Debian 12's own into root folders under .cache/engines, once:
# trixie (Varnish 7.7) and forky (Vinyl Cache 9.0). Needs root, for debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'engines: %s\n' "$*" >&2; }

if [ "$(id -u)" != 0 ]; then say "root folders are made by root; run this with sudo" && exit 1; fi
if ! command -v debootstrap >/dev/null; then
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >&2
fi
mirror=$({ sed -n 's/^URIs: *//p; s/^deb \([^ ]*\).*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } | awk '/\/debian\/*$/ && !seen++')

# engine RELEASE PACKAGES: unpacked beside its place and moved there when whole.
engine() {
  local release=$1 packages=$2 root=.cache/engines/$1
  if [ -d "$root" ]; then return; fi
  # A release that this debootstrap does not know yet is laid out like sid.
  [ -e "/usr/share/debootstrap/scripts/$release" ] || ln -s sid "/usr/share/debootstrap/scripts/$release"
  say "unpacking $packages of $release (a minute, once)"
  rm -rf "$root.new"
  mkdir -p .cache/engines
  debootstrap --variant=minbase --no-check-gpg --include="$packages" "$release" "$root.new" "$mirror" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; exit 1; }
  mv "$root.new" "$root"
}

engine trixie varnish,libvarnishapi-dev
engine forky vinyl-cache,libvinylapi-dev
