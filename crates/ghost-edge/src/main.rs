//! The binary `ghost-edge`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(ghost_edge::command::main(std::env::args_os().skip(1)))
}
