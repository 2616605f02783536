#!/usr/bin/env bash
# Builds every fuzz target with the pinned compiler and runs each for a while (default 30 s) from committed seeds.
#   scripts/fuzz.sh [SECONDS] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-30}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in fuzz/targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi

# The flags that cargo-fuzz sets, so that no nightly compiler is needed; ghost-core forbids unsafe code, hence no sanitizer.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --quiet --locked --release --manifest-path fuzz/Cargo.toml --target "$host" --target-dir target/fuzz

passed=0
failed=0
for target in "${targets[@]}"; do
  corpus=target/fuzz-corpus/$target
  mkdir -p "$corpus"
  case $target in
    check | endpoints | simulate | compare) cp fuzz/seeds/*.json tests/errors/GH????.json "$corpus" ;;
    edge_config) cp examples/edge/* tests/errors/*.yaml tests/errors/*.toml examples/ghost.json "$corpus" ;;
    *) ;;
  esac
  echo "fuzz: $target for $seconds s" >&2
  if target/fuzz/"$host"/release/"$target" "$corpus" -seed=1 -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 \
    -timeout=10 -artifact_prefix=target/fuzz-corpus/"$target"- -print_final_stats=1 >target/fuzz-corpus/"$target".log 2>&1; then
    passed=$((passed + 1))
    grep -h 'number_of_executed_units' target/fuzz-corpus/"$target".log >&2 || true
  else
    failed=$((failed + 1))
    tail -n 40 target/fuzz-corpus/"$target".log >&2
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
