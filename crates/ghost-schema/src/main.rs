//! Prints every schema and every diagnostic code as one JSON object; ts/core/scripts/generate.mjs writes the files.

use std::io::{self, Write};

use ghost_schema::schema::generated;

fn main() -> io::Result<()> {
    let text = serde_json::to_string_pretty(&generated())?;
    writeln!(io::stdout().lock(), "{text}")
}
