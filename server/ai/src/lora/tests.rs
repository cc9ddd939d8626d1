//! Merged models answer as unmerged ones: by an own forward pass that applies adapters on the fly, in f64.

mod forward;
mod merging;
mod refusals;

use super::*;
use crate::files::fixture::tiny_shape;

/// The table of sizes that everybody knows.
#[test]
fn parameters_of_adapters_are_counted() {
    let qwen = |hidden, layers, heads, kv_heads, feed_forward| Shape {
        hidden,
        layers,
        heads,
        kv_heads,
        feed_forward,
        vocabulary: 151_936,
        context: 32_768,
        rope_base: 1_000_000.0,
        epsilon: 1e-6,
        is_tied: true,
    };
    let models = [
        (qwen(896, 24, 14, 2, 4864), 8_798_208, 1_081_344),
        (qwen(1536, 28, 12, 2, 8960), 18_464_768, 2_179_072),
        (qwen(2048, 36, 16, 2, 11_008), 29_933_568, 3_686_400),
        (qwen(3584, 28, 28, 4, 18_944), 40_370_176, 5_046_272),
    ];
    for (shape, all, only_two) in models {
        assert_eq!(adapter_parameters(&shape, &ALL_PROJECTIONS, 16), all, "{shape:?}");
        assert_eq!(adapter_parameters(&shape, &["q_proj", "v_proj"], 16), only_two, "{shape:?}");
    }
    assert_eq!(adapter_parameters(&tiny_shape(), &["q_proj"], 1), 2 * 64);
}
