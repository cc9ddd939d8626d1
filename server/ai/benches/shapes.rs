//! Speed of models of five shapes on this machine: `cargo bench -p ai --bench shapes [-- NAME…]`.

use std::io::Write;
use std::path::Path;

use ai::model::Weights;
use ai::model::measure::{Measured, SHAPES, Shape, measure, memory_bandwidth};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let path = std::env::temp_dir().join(format!("strizh-shapes-{}.gguf", std::process::id()));
    let bandwidth = memory_bandwidth();
    let mut output = std::io::stdout().lock();
    writeln!(output, "Memory, one thread: {:.1} GB/s. One thread, processor time.\n", bandwidth / 1e9)?;
    writeln!(
        output,
        "| Model | Weights, MiB | Load, ms | Prefill 64 / 256 / 512, tokens/s | Decode at 128 / 512, ms \
         | Keystroke, ms | Resident, MiB | Decode, times the limit |\n|---|---|---|---|---|---|---|---|"
    )?;
    for shape in SHAPES.iter().filter(|shape| names.is_empty() || names.iter().any(|name| name == shape.name))
    {
        for weights in [Weights::Q8_0, Weights::Q4K] {
            writeln!(output, "{}", row(shape, weights, &path, bandwidth)?)?;
            output.flush()?;
        }
    }
    Ok(())
}

fn row(
    shape: &Shape,
    weights: Weights,
    path: &Path,
    bandwidth: f64,
) -> Result<String, Box<dyn std::error::Error>> {
    let before = resident_mebibytes();
    let (measured, resident) = measure(shape, weights, path, resident_mebibytes)?;
    let Measured { load, prefill, decode, keystroke, weight_bytes, .. } = measured;
    let limit = weight_bytes as f64 / bandwidth * 1e3;
    Ok(format!(
        "| {} {weights:?} | {:.1} | {load:.0} | {:.0} / {:.0} / {:.0} | {:.2} / {:.2} | {keystroke:.1} | {} | {:.1} |",
        shape.name,
        weight_bytes as f64 / f64::from(1 << 20),
        prefill[0],
        prefill[1],
        prefill[2],
        decode[0],
        decode[1],
        resident.zip(before).map_or("?".to_owned(), |(after, before)| format!("{:.0}", after - before)),
        decode[0] / limit,
    ))
}

/// Memory of this process, where the system tells it.
fn resident_mebibytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096.0 / f64::from(1 << 20))
}
