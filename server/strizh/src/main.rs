//! Strizh: language server and checker for BSL, the language of 1C:Enterprise.

mod analysis;
mod files;
mod lsp;
mod requests;
mod settings;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    lsp::serve()?;
    Ok(())
}
