//! What users install: an archive with the binary, its completions, manual and notices; the VS Code package; checksums.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{licences, shell};

const OUT: &str = "target/dist";
const SHELLS: &[(&str, &str)] =
    &[("bash", "strizh.bash"), ("zsh", "_strizh"), ("fish", "strizh.fish"), ("powershell", "strizh.ps1")];
const PAGES: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "docs/upgrading.md"];

pub(crate) fn run() -> Result<()> {
    let target = rust_target()?;
    let binary = build(&target)?;
    let name = format!("strizh-{}-{target}", env!("CARGO_PKG_VERSION"));
    let out = shell::root().join(OUT);
    let folder = out.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fill(&folder, &binary, &target)?;
    let archive = archive(&out, &name)?;
    let package = vscode_package(&binary)?;
    checksums(&out, &[&archive, &package])?;
    let megabytes = |path: &Path| fs::metadata(path).map_or(0.0, |data| data.len() as f64 / 1e6);
    eprintln!("{OUT}/{archive}: {:.1} MB", megabytes(&out.join(&archive)));
    eprintln!("{OUT}/{package}: {:.1} MB", megabytes(&out.join(&package)));
    eprintln!("the binary: {:.1} MB, {}", megabytes(&binary), linking(&binary)?);
    Ok(())
}

/// On Linux a target whose binaries need no library of the system, if its parts are installed.
fn rust_target() -> Result<String> {
    let version = shell::read("", "rustc", &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    if let Some(wanted) = std::env::var("STRIZH_TARGET").ok().filter(|wanted| !wanted.is_empty()) {
        return Ok(wanted);
    }
    let musl = host.replace("-linux-gnu", "-linux-musl");
    let sysroot = shell::read("", "rustc", &["--print", "sysroot"])?;
    let has_library = Path::new(sysroot.trim()).join("lib/rustlib").join(&musl).exists();
    let has_compiler = shell::read("", "musl-gcc", &["--version"]).is_ok();
    if musl != host && !(has_library && has_compiler) {
        eprintln!("no static binary: it needs `rustup target add {musl}` and `apt-get install musl-tools`");
    }
    Ok(if has_library && has_compiler { musl } else { host.to_owned() })
}

fn build(target: &str) -> Result<PathBuf> {
    let mut words = Vec::new();
    let compiler = format!("CC_{}=musl-gcc", target.replace('-', "_"));
    if target.ends_with("-linux-musl") {
        words.extend(["env", &compiler]);
    }
    words.extend(["cargo", "build", "--release", "--package", "strizh", "--target", target]);
    let (program, arguments) = words.split_first().context("invariant: there are words")?;
    shell::run("", program, arguments)?;
    Ok(shell::root().join("target").join(target).join("release").join(executable(target)))
}

fn executable(target: &str) -> &'static str {
    if target.contains("windows") { "strizh.exe" } else { "strizh" }
}

/// The folder that becomes the archive.
fn fill(folder: &Path, binary: &Path, target: &str) -> Result<()> {
    let root = shell::root();
    let completions = folder.join("completions");
    fs::create_dir_all(&completions).with_context(|| format!("cannot create {}", completions.display()))?;
    let copy = |from: &Path, to: PathBuf| {
        fs::copy(from, to).map(drop).with_context(|| format!("cannot copy {}", from.display()))
    };
    copy(binary, folder.join(executable(target)))?;
    for page in PAGES {
        let from = root.join(page);
        copy(&from, folder.join(from.file_name().unwrap_or_default()))?;
    }
    let program = binary.to_string_lossy();
    for (shell, file) in SHELLS {
        fs::write(completions.join(file), shell::read("", &program, &["completions", shell])?)?;
    }
    fs::write(folder.join("strizh.1"), shell::read("", &program, &["man"])?)?;
    fs::write(folder.join("THIRD-PARTY.txt"), licences::notices(target)?)?;
    Ok(())
}

/// Packs the folder; Windows has a tar that makes archives in its own format.
fn archive(out: &Path, name: &str) -> Result<String> {
    let file = if cfg!(windows) { format!("{name}.zip") } else { format!("{name}.tar.gz") };
    let packed = out.join(&file);
    let (out, packed) = (out.to_string_lossy(), packed.to_string_lossy());
    let format = if cfg!(windows) { "-acf" } else { "-czf" };
    shell::run("", "tar", &[format, &packed, "-C", &out, name])?;
    Ok(file)
}

fn vscode_package(binary: &Path) -> Result<String> {
    let root = shell::root();
    let server = root.join("editors/vscode/server");
    fs::create_dir_all(&server).context("cannot create editors/vscode/server")?;
    let name = binary.file_name().context("the binary has a name")?;
    fs::copy(binary, server.join(name)).context("cannot copy the binary")?;
    shell::run("editors/vscode", "npm", &["ci"])?;
    let target = vscode_target();
    let file = format!("strizh-{}-{target}.vsix", env!("CARGO_PKG_VERSION"));
    let out = format!("../../{OUT}/{file}");
    shell::run("editors/vscode", "npm", &["run", "package", "--", "--target", &target, "-o", &out])?;
    Ok(file)
}

/// `SHA256SUMS`, in the format that `sha256sum --check` reads.
fn checksums(out: &Path, files: &[&str]) -> Result<()> {
    use sha2::{Digest, Sha256};
    let mut lines = String::new();
    for file in files {
        let bytes = fs::read(out.join(file)).with_context(|| format!("cannot read {file}"))?;
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        lines += &format!("{digest}  {file}\n");
    }
    fs::write(out.join("SHA256SUMS"), lines).context("cannot write the checksums")
}

/// A binary for musl that still asks for libraries would not start elsewhere.
fn linking(binary: &Path) -> Result<&'static str> {
    if !binary.to_string_lossy().contains("-linux-musl") {
        return Ok("linked with the system's C library");
    }
    let headers = shell::read("", "readelf", &["--program-headers", "--wide", &binary.to_string_lossy()])?;
    if headers.contains("INTERP") {
        bail!("{} needs a dynamic linker", binary.display());
    }
    Ok("static")
}

/// Name of this platform in the marketplace.
fn vscode_target() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{machine}")
}
