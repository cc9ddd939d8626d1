//! Where the bytes of tensors are: in memory, or in a file that is read tensor by tensor.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use parking_lot::Mutex;

use super::error::ModelError;
use crate::files::FileError;

pub(crate) struct Source<'a> {
    name: String,
    size: u64,
    bytes: Bytes<'a>,
}

/// What heads are read from.
pub(crate) trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}

enum Bytes<'a> {
    Memory(Cow<'a, [u8]>),
    File(Mutex<File>),
}

impl<'a> Source<'a> {
    pub(crate) fn in_memory(bytes: Cow<'a, [u8]>, name: &str) -> Self {
        Self { name: name.to_owned(), size: bytes.len() as u64, bytes: Bytes::Memory(bytes) }
    }

    pub(crate) fn open(path: &Path) -> Result<Self, ModelError> {
        let name = path.display().to_string();
        let failed = |error: std::io::Error| ModelError::file(&name, error.to_string());
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(ModelError::file(&name, "this is not a file"));
        }
        Ok(Self { size: metadata.len(), bytes: Bytes::File(Mutex::new(file)), name })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The bytes of one range. The caller has checked that it lies inside, but files may shrink.
    pub(crate) fn read(&self, start: u64, length: u64) -> Result<Cow<'_, [u8]>, ModelError> {
        let ended = || ModelError::file(&self.name, format!("the file ends before byte {}", start + length));
        match &self.bytes {
            Bytes::Memory(bytes) => {
                let start = usize::try_from(start).map_err(|_| ended())?;
                let length = usize::try_from(length).map_err(|_| ended())?;
                let end = start.checked_add(length).ok_or_else(ended)?;
                bytes.get(start..end).map(Cow::Borrowed).ok_or_else(ended)
            }
            Bytes::File(file) => {
                if start.checked_add(length).is_none_or(|end| end > self.size) {
                    return Err(ended());
                }
                let mut bytes = vec![0; length as usize];
                let mut file = file.lock();
                file.seek(SeekFrom::Start(start))
                    .and_then(|_| file.read_exact(&mut bytes))
                    .map_err(|error| ModelError::file(&self.name, error.to_string()))?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Calls `read` with a reader from the start and with the name of the file.
    pub(crate) fn read_head<T>(
        &self,
        read: impl FnOnce(&mut dyn ReadSeek, &Path) -> Result<T, FileError>,
    ) -> Result<T, ModelError> {
        let path = Path::new(&self.name);
        let head = match &self.bytes {
            Bytes::Memory(bytes) => read(&mut Cursor::new(bytes.as_ref()), path),
            Bytes::File(file) => {
                let mut file = file.lock();
                file.rewind().map_err(|error| ModelError::file(&self.name, error.to_string()))?;
                read(&mut *file, path)
            }
        };
        head.map_err(|error| ModelError::file(&self.name, error.problem))
    }
}
