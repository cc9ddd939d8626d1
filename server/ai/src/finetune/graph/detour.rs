//! Operations that are computed beside candle's graph and bring their own way back. candle computes gradients of both
//! operands of each operation, also of frozen weights and of tables, and keeps what lies between fused steps.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CudaStorage, CustomOp1, Layout, Result, Shape, Storage, Tensor, bail};
use parking_lot::Mutex;

/// What `forward` makes of the input. `back` finds the gradient of the input from the result and its gradient; it must
/// keep no tensor that it does not need, because all of them live until the way back is done.
pub(super) fn detour(
    input: &Tensor,
    forward: impl FnOnce(&Tensor) -> Result<Tensor>,
    back: impl Fn(&Tensor, &Tensor) -> Result<Tensor> + Send + Sync + 'static,
) -> Result<Tensor> {
    let result = forward(&input.detach())?;
    if !input.track_op() {
        return Ok(result);
    }
    input.apply_op1(Detour { result: Mutex::new(Some(result)), back })
}

struct Detour<B> {
    /// Taken by the way there.
    result: Mutex<Option<Tensor>>,
    back: B,
}

impl<B> Detour<B> {
    fn take<S>(&self, copy: impl FnOnce(&Storage, &Layout) -> Result<S>) -> Result<(S, Shape)> {
        let Some(result) = self.result.lock().take() else { bail!("a detour is gone once") };
        let result = result.contiguous()?;
        let (storage, layout) = result.storage_and_layout();
        if layout.start_offset() != 0 {
            bail!("the result of a detour is a part of something");
        }
        Ok((copy(&storage, layout)?, result.shape().clone()))
    }
}

impl<B: Fn(&Tensor, &Tensor) -> Result<Tensor>> CustomOp1 for Detour<B> {
    fn name(&self) -> &'static str {
        "detour"
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.take(|storage, layout| match storage {
            Storage::Cpu(storage) => storage.try_clone(layout),
            _ => bail!("the result of a detour is on another device"),
        })
    }

    fn cuda_fwd(&self, _: &CudaStorage, _: &Layout) -> Result<(CudaStorage, Shape)> {
        self.take(|storage, layout| match storage {
            Storage::Cuda(storage) => storage.try_clone(layout),
            _ => bail!("the result of a detour is on another device"),
        })
    }

    fn bwd(&self, _: &Tensor, result: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        (self.back)(&result.detach(), gradient).map(Some)
    }
}
