//! Writes a GGUF file tensor by tensor: what is planned is known first, the bytes come piece by piece. The file appears
//! under its name when it is whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use candle_core::quantized::GgmlDType;
use sha2::{Digest, Sha256};

use crate::files::FileError;
use crate::files::gguf::{DEFAULT_ALIGNMENT, kind_id, stored_bytes};
use crate::files::value::{Value, write_string};

/// A tensor that will be written.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedTensor {
    pub name: String,
    /// The longest stride first.
    pub shape: Vec<usize>,
    pub kind: GgmlDType,
}

pub struct GgufWriter {
    file: Option<BufWriter<File>>,
    temporary: PathBuf,
    target: PathBuf,
    hash: Sha256,
    /// Names and sizes of the tensors that are not complete yet, the last first.
    pending: Vec<(String, u64)>,
    /// Bytes of the current tensor that are there.
    written: u64,
    total: u64,
}

impl GgufWriter {
    /// Begins the file. Missing folders are made.
    pub fn create(
        target: &Path,
        metadata: &[(String, Value)],
        tensors: &[PlannedTensor],
    ) -> Result<Self, FileError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mut pending = Vec::new();
        for tensor in tensors {
            let bytes = stored_bytes(&tensor.shape, tensor.kind).ok_or_else(|| {
                let problem =
                    format_args!("the shape {:?} does not fit the type {:?}", tensor.shape, tensor.kind);
                FileError::in_tensor(target, &tensor.name, problem)
            })?;
            pending.push((tensor.name.clone(), bytes));
        }
        let name =
            target.file_name().ok_or_else(|| FileError::new(target, "it is not the name of a file"))?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let temporary = format!(".{}.tmp-{}-{number}", name.to_string_lossy(), std::process::id());
        let temporary = target.with_file_name(temporary);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| FileError::new(folder, error))?;
        }
        let file = File::create(&temporary).map_err(|error| FileError::new(&temporary, error))?;
        let head = head(metadata, tensors, &pending);
        pending.reverse();
        let mut writer = Self {
            file: Some(BufWriter::with_capacity(1 << 20, file)),
            temporary,
            target: target.to_owned(),
            hash: Sha256::new(),
            pending,
            written: 0,
            total: 0,
        };
        writer.put(&head)?;
        Ok(writer)
    }

    /// Appends bytes to the current tensor. They must not reach into the next one.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let Some((name, size)) = self.pending.last() else {
            return Err(FileError::new(&self.target, "more tensors were written than planned"));
        };
        let size = *size;
        if self.written + bytes.len() as u64 > size {
            return Err(FileError::in_tensor(&self.target, name, "more bytes were written than planned"));
        }
        self.put(bytes)?;
        self.written += bytes.len() as u64;
        if self.written == size {
            self.pending.pop();
            self.written = 0;
            let padding = size.next_multiple_of(DEFAULT_ALIGNMENT) - size;
            self.put(&[0; DEFAULT_ALIGNMENT as usize][..padding as usize])?;
        }
        Ok(())
    }

    /// Puts the file in its place and tells its length and SHA-256.
    pub fn finish(mut self) -> Result<(u64, [u8; 32]), FileError> {
        if let Some((name, _)) = self.pending.last() {
            return Err(FileError::in_tensor(&self.target, name, "it was not written completely"));
        }
        let Some(file) = self.file.take() else { return Err(FileError::new(&self.target, "it is closed")) };
        let close = || -> std::io::Result<()> {
            let file = file.into_inner()?;
            file.sync_all()?;
            drop(file);
            fs::rename(&self.temporary, &self.target)
        };
        close().map_err(|error| FileError::new(&self.target, error))?;
        Ok((self.total, std::mem::take(&mut self.hash).finalize().into()))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let Some(file) = &mut self.file else { return Err(FileError::new(&self.target, "it is closed")) };
        file.write_all(bytes).map_err(|error| FileError::new(&self.temporary, error))?;
        self.hash.update(bytes);
        self.total += bytes.len() as u64;
        Ok(())
    }
}

impl Drop for GgufWriter {
    fn drop(&mut self) {
        self.file = None;
        // After `finish` it has another name already.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn head(metadata: &[(String, Value)], tensors: &[PlannedTensor], sizes: &[(String, u64)]) -> Vec<u8> {
    let mut head = b"GGUF".to_vec();
    head.extend(3u32.to_le_bytes());
    head.extend((tensors.len() as u64).to_le_bytes());
    head.extend((metadata.len() as u64).to_le_bytes());
    for (key, value) in metadata {
        write_string(key, &mut head);
        value.write_to(&mut head);
    }
    let mut offset = 0u64;
    for (tensor, (_, bytes)) in tensors.iter().zip(sizes) {
        write_string(&tensor.name, &mut head);
        head.extend((tensor.shape.len() as u32).to_le_bytes());
        for &length in tensor.shape.iter().rev() {
            head.extend((length as u64).to_le_bytes());
        }
        head.extend(kind_id(tensor.kind).to_le_bytes());
        head.extend(offset.to_le_bytes());
        offset += bytes.next_multiple_of(DEFAULT_ALIGNMENT);
    }
    head.resize(head.len().next_multiple_of(DEFAULT_ALIGNMENT as usize), 0);
    head
}
