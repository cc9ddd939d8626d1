//! Loops over floats compiled for the vector instructions that this processor has, chosen when the program runs.

use pulp::WithSimd;

/// Proof that the instructions are there.
#[derive(Clone, Copy)]
pub(crate) struct Simd {
    #[cfg(target_arch = "x86_64")]
    avx2: Option<pulp::x86::V3>,
}

impl Simd {
    pub(crate) fn detect() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            avx2: pulp::x86::V3::try_new(),
        }
    }

    /// Runs a kernel; what is inlined into it uses the instructions.
    #[inline]
    pub(crate) fn run<Kernel: WithSimd>(self, kernel: Kernel) -> Kernel::Output {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.avx2 {
            return pulp::Simd::vectorize(simd, kernel);
        }
        pulp::Arch::new().dispatch(kernel)
    }
}
