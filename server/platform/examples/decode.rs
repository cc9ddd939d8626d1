//! How long the shipped tables take to decode, and how much there is: `cargo run --release -p platform --example decode`.

use std::io::Write;
use std::time::Instant;

use platform::Platform;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for (name, load) in
        [("1C:Enterprise", Platform::embedded as fn() -> _), ("OneScript", Platform::onescript)]
    {
        let start = Instant::now();
        let platform = load();
        let elapsed = start.elapsed();
        let methods: usize = platform.types().map(|(_, info)| info.methods.len()).sum();
        let properties: usize = platform.types().map(|(_, info)| info.properties.len()).sum();
        let start = Instant::now();
        let count = 1000;
        for function in platform.functions().iter().cycle().take(count) {
            std::hint::black_box(platform.function(&function.names.ru));
        }
        writeln!(
            out,
            "{name}: {elapsed:?}; {} functions, {} properties, {} types with {methods} methods and {properties} \
             properties, {} enumerations; {:?} per look-up",
            platform.functions().len(),
            platform.properties().len(),
            platform.types().len(),
            platform.enums().len(),
            start.elapsed() / count as u32,
        )?;
    }
    Ok(())
}
