//! What a training runs on, told before it starts; a device that is not there is refused.

use ai::finetune::{Hardware, Unavailable};
use anyhow::anyhow;
use base::Locale;

use crate::cli::complain;

/// Says on what is trained, or why that cannot be.
pub(super) fn announce(hardware: Hardware, threads: usize, locale: Locale) -> anyhow::Result<()> {
    hardware.check().map_err(|unavailable| anyhow!(refusal(hardware, &unavailable, locale)))?;
    complain(description(hardware, threads, locale));
    Ok(())
}

fn description(hardware: Hardware, threads: usize, locale: Locale) -> String {
    match (hardware, locale) {
        (Hardware::Processor, Locale::Ru) => {
            format!("обучение на процессоре ({hardware}), потоков {threads}")
        }
        (Hardware::Processor, Locale::En) => {
            format!("training on the processor ({hardware}), threads: {threads}")
        }
        (Hardware::CandleProcessor, Locale::Ru) => {
            format!("обучение на процессоре средствами candle ({hardware}): медленно, для сравнений")
        }
        (Hardware::CandleProcessor, Locale::En) => {
            format!("training on the processor by candle ({hardware}); slow, for comparisons")
        }
        (Hardware::Cuda(number), Locale::Ru) => {
            format!("обучение на видеокарте NVIDIA {number} ({hardware})")
        }
        (Hardware::Cuda(number), Locale::En) => format!("training on the NVIDIA GPU {number} ({hardware})"),
    }
}

fn refusal(hardware: Hardware, unavailable: &Unavailable, locale: Locale) -> String {
    match (unavailable, locale) {
        (Unavailable::NotBuilt, Locale::Ru) => format!(
            "--device {hardware}: программа собрана без поддержки видеокарт; нужен набор инструментов CUDA и сборка \
             `cargo build --release --features cuda`"
        ),
        (Unavailable::NotBuilt, Locale::En) => format!(
            "--device {hardware}: this program was built without support of GPUs; it takes the CUDA toolkit and \
             `cargo build --release --features cuda`"
        ),
        (Unavailable::NoGpu { reason, .. }, Locale::Ru) => format!(
            "--device {hardware}: видеокарту NVIDIA с этим номером использовать нельзя ({reason}); проверьте её и \
             драйвер командой `nvidia-smi`"
        ),
        (Unavailable::NoGpu { reason, .. }, Locale::En) => format!(
            "--device {hardware}: there is no usable NVIDIA GPU with this number ({reason}); look at it and its \
             driver with `nvidia-smi`"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_gpus_tells_how_to_get_one() {
        for locale in [Locale::Ru, Locale::En] {
            let text = refusal(Hardware::Cuda(1), &Unavailable::NotBuilt, locale);
            assert!(text.starts_with("--device cuda:1: "), "{text}");
            assert!(text.contains("`cargo build --release --features cuda`"), "{text}");
        }
    }

    #[test]
    fn a_missing_gpu_is_told_with_its_reason() {
        let missing = Unavailable::NoGpu { number: 2, reason: "CUDA_ERROR_NO_DEVICE".to_owned() };
        for (locale, word) in [(Locale::Ru, "видеокарту"), (Locale::En, "GPU")] {
            let text = refusal(Hardware::Cuda(2), &missing, locale);
            assert!(text.contains(word) && text.contains("CUDA_ERROR_NO_DEVICE"), "{text}");
        }
    }

    #[test]
    fn what_is_trained_on_is_told_first() {
        let told = |hardware, locale| description(hardware, 2, locale);
        assert_eq!(told(Hardware::Processor, Locale::Ru), "обучение на процессоре (cpu), потоков 2");
        assert_eq!(told(Hardware::Cuda(1), Locale::En), "training on the NVIDIA GPU 1 (cuda:1)");
        assert!(told(Hardware::CandleProcessor, Locale::En).contains("candle-cpu"));
    }
}
