#!/usr/bin/env bash
# Installs what the build needs and this machine lacks. Safe to run again: what is there is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

# Debian packages, by the command or file that shows they are there.
need_packages() {
  local missing=()
  command -v varnishd >/dev/null || missing+=(varnish)
  pkg-config --exists varnishapi 2>/dev/null || missing+=(libvarnishapi-dev pkg-config)
  command -v cc >/dev/null || missing+=(build-essential)
  command -v python3 >/dev/null || missing+=(python3)
  [ -x /usr/bin/rst2man ] || missing+=(python3-docutils)
  command -v curl >/dev/null || missing+=(curl)
  command -v c++ >/dev/null || missing+=(g++)
  command -v unshare >/dev/null || missing+=(util-linux)
  command -v ip >/dev/null || missing+=(iproute2)
  command -v valgrind >/dev/null || missing+=(valgrind)
  command -v wrk >/dev/null || missing+=(wrk)
  command -v systemd-analyze >/dev/null || missing+=(systemd)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v crun >/dev/null || missing+=(crun)
  command -v nft >/dev/null || missing+=(nftables)
  command -v conntrack >/dev/null || missing+=(conntrack)
  command -v nginx >/dev/null || missing+=(nginx-light)
  command -v haproxy >/dev/null || missing+=(haproxy)
  command -v sslscan >/dev/null || missing+=(sslscan)
  command -v testssl >/dev/null || missing+=(testssl.sh)
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing ${missing[*]}"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
  else
    say "please install these Debian packages (or their like), then run this again: ${missing[*]}"
    exit 1
  fi
}

need_rust() {
  if ! command -v cargo >/dev/null; then
    say "please install Rust with rustup; rust-toolchain.toml names the version"
    exit 1
  fi
  rustc --version >/dev/null # lets rustup fetch the pinned tool chain
}

# The WASM target: from rustup, else the standard library is built from Debian's rust-src (see scripts/wasm-target.sh).
need_wasm_target() { scripts/wasm-target.sh; }

need_node_modules() {
  local stamp=node_modules/.package-lock.stamp
  if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then return; fi
  say "installing npm packages"
  # `npm ci` also wants the packages of other platforms in the lock file, and refuses it when the registry had not all of
  # them; the versions locked for this platform are then installed without that check.
  npm ci --no-audit --no-fund --loglevel=silent >&2 || npm install --no-save --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$stamp"
}

need_packages
need_rust
need_wasm_target
need_node_modules
say "ready"
