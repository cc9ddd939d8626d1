//! A file of entries that never changes: header, table of contents, contents. The table has a checksum, and so has
//! every entry, so that damage costs what is damaged.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::facts_store::folder;

const MAGIC: &[u8; 8] = b"STRIZH01";
/// Magic, version of the contents, number of entries, checksum of the table.
const HEADER_BYTES: usize = 8 + 8 + 8 + 8;
/// Hash, kind, offset, length, checksum.
const ROW_BYTES: usize = 16 + 1 + 8 + 8 + 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) hash: u128,
    pub(crate) kind: u8,
}

#[derive(Clone, Copy)]
struct Row {
    offset: u64,
    length: u64,
    checksum: u64,
}

/// Bytes of an entry; entries of one segment share a buffer.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    buffer: Arc<[u8]>,
    range: Range<usize>,
}

impl Blob {
    pub(crate) fn whole(buffer: Arc<[u8]>) -> Self {
        let range = 0..buffer.len();
        Self { buffer, range }
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }
}

pub(crate) struct Segment {
    path: PathBuf,
    rows: FxHashMap<Key, Row>,
    /// The whole file, until it is released.
    buffer: Mutex<Option<Arc<[u8]>>>,
}

impl Segment {
    /// `None` if the file is damaged or of another version.
    pub(crate) fn read(path: &Path, version: u64) -> Option<Self> {
        let buffer = read_file(path).ok()?;
        let rows = parse_table(&buffer, version)?;
        Some(Self { path: path.to_owned(), rows, buffer: Mutex::new(Some(buffer)) })
    }

    /// Writes a segment; it is released from the start.
    pub(crate) fn write<'a>(
        folder: &Path,
        version: u64,
        entries: impl Iterator<Item = (Key, &'a [u8])>,
    ) -> io::Result<Self> {
        let mut entries: Vec<_> = entries.collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        let mut offset = (HEADER_BYTES + entries.len() * ROW_BYTES) as u64;
        let mut table = Vec::with_capacity(entries.len() * ROW_BYTES);
        let mut rows = FxHashMap::default();
        for (key, bytes) in &entries {
            let row = Row { offset, length: bytes.len() as u64, checksum: entry_checksum(*key, bytes) };
            table.extend(key.hash.to_le_bytes());
            table.push(key.kind);
            for number in [row.offset, row.length, row.checksum] {
                table.extend(number.to_le_bytes());
            }
            offset += row.length;
            rows.insert(*key, row);
        }
        let mut head = Vec::with_capacity(HEADER_BYTES + table.len());
        head.extend(MAGIC);
        for number in [version, entries.len() as u64, xxh3_64(&table)] {
            head.extend(number.to_le_bytes());
        }
        head.extend(&table);
        let name = folder::segment_name(xxh3_128(&head));
        // Together the entries may be large: they are never joined in memory.
        let parts = std::iter::once(head.as_slice()).chain(entries.iter().map(|(_, bytes)| *bytes));
        folder::write_whole(folder, &name, parts)?;
        Ok(Self { path: folder.join(name), rows, buffer: Mutex::new(None) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.rows.contains_key(&key)
    }

    /// Keys with their lengths.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Key, u64)> {
        self.rows.iter().map(|(key, row)| (*key, row.length))
    }

    /// `None` if the entry is damaged.
    pub(crate) fn get(&self, key: Key) -> Option<Blob> {
        let row = *self.rows.get(&key)?;
        let buffer = self.buffer.lock().clone();
        let blob = match buffer {
            Some(buffer) => {
                let start = usize::try_from(row.offset).ok()?;
                let end = start.checked_add(usize::try_from(row.length).ok()?)?;
                buffer.get(start..end)?;
                Blob { buffer, range: start..end }
            }
            None => Blob::whole(self.read_row(row).ok()?),
        };
        (entry_checksum(key, &blob) == row.checksum).then_some(blob)
    }

    pub(crate) fn release(&self) {
        *self.buffer.lock() = None;
    }

    fn read_row(&self, row: Row) -> io::Result<Arc<[u8]>> {
        let mut file = File::open(&self.path)?;
        // A damaged length must not ask for all memory.
        let end = row.offset.saturating_add(row.length);
        if end > file.metadata()?.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.seek(SeekFrom::Start(row.offset))?;
        let mut bytes = vec![0; row.length as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Reads into shared memory at once: a vector would have to be copied.
fn read_file(path: &Path) -> io::Result<Arc<[u8]>> {
    let mut file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut buffer: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    match Arc::get_mut(&mut buffer) {
        Some(bytes) => file.read_exact(bytes)?,
        None => return fs::read(path).map(Into::into),
    }
    Ok(buffer)
}

fn entry_checksum(key: Key, bytes: &[u8]) -> u64 {
    xxh3_64(bytes) ^ (key.hash as u64) ^ u64::from(key.kind)
}

fn parse_table(file: &[u8], version: u64) -> Option<FxHashMap<Key, Row>> {
    let (header, rest) = file.split_at_checked(HEADER_BYTES)?;
    let (magic, numbers) = header.split_first_chunk::<8>()?;
    let is_ours = magic == MAGIC && number(numbers, 0)? == version;
    let table_bytes = usize::try_from(number(numbers, 1)?).ok()?.checked_mul(ROW_BYTES)?;
    let table = rest.get(..table_bytes)?;
    if !is_ours || number(numbers, 2)? != xxh3_64(table) {
        return None;
    }
    let rows = table.chunks_exact(ROW_BYTES).map(|row| {
        let (hash, rest) = row.split_first_chunk::<16>()?;
        let (kind, numbers) = rest.split_first()?;
        let key = Key { hash: u128::from_le_bytes(*hash), kind: *kind };
        let row =
            Row { offset: number(numbers, 0)?, length: number(numbers, 1)?, checksum: number(numbers, 2)? };
        Some((key, row))
    });
    rows.collect()
}

fn number(bytes: &[u8], index: usize) -> Option<u64> {
    let (chunk, _) = bytes.get(index * 8..)?.split_first_chunk::<8>()?;
    Some(u64::from_le_bytes(*chunk))
}
