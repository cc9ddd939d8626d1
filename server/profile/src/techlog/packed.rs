//! Journals that were packed when they rotated: gzip, and archives of zip, streamed. Only what the streams themselves say is
//! used, so a file that is cut off gives all that it has.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

/// How a file is packed, by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    #[default]
    None,
    Gzip,
    Zip,
}

impl Packing {
    pub fn of_path(path: &str) -> Self {
        let ends = |extension: &str| {
            let start = path.len().checked_sub(extension.len());
            start.and_then(|start| path.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(extension))
        };
        match () {
            () if ends(".gz") => Self::Gzip,
            () if ends(".zip") => Self::Zip,
            () => Self::None,
        }
    }
}

const BUFFER_BYTES: usize = 1 << 16;
/// Signatures of zip: a member, what follows a member of unknown length.
const MEMBER: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
/// Longer names are no names.
const MAX_NAME_BYTES: u64 = 4096;

/// Hands over every member of what `source` holds with its name; plain files and gzip have one without a name.
pub(super) fn each_member(
    packing: Packing,
    source: impl Read,
    mut take: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    match packing {
        Packing::None => {
            let mut source = source;
            take("", &mut source)
        }
        Packing::Gzip => {
            let source = BufReader::with_capacity(BUFFER_BYTES, source);
            take("", &mut Gunzip { source, state: None })
        }
        Packing::Zip => {
            let mut source = BufReader::with_capacity(BUFFER_BYTES, source);
            while let Some(header) = Header::read(&mut source)? {
                header.hand_over(&mut source, &mut take)?;
            }
            Ok(())
        }
    }
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the archive is damaged: {what}"))
}

/// Unpacks into `output`: how many bytes, and whether the stream has ended.
fn unpack(
    state: &mut InflateState,
    source: &mut impl BufRead,
    output: &mut [u8],
) -> io::Result<(usize, bool)> {
    loop {
        let input = source.fill_buf()?;
        let is_at_end = input.is_empty();
        let result = inflate(state, input, output, MZFlush::None);
        source.consume(result.bytes_consumed);
        match result.status {
            Ok(MZStatus::StreamEnd) => return Ok((result.bytes_written, true)),
            Ok(_) | Err(MZError::Buf) if result.bytes_written > 0 => {
                return Ok((result.bytes_written, false));
            }
            Ok(_) | Err(MZError::Buf) if is_at_end => {
                return Err(io::Error::new(ErrorKind::UnexpectedEof, "the archive is cut off"));
            }
            Ok(_) | Err(MZError::Buf) => {}
            Err(_) => return Err(damaged("its data cannot be unpacked")),
        }
    }
}

fn bytes<const COUNT: usize>(source: &mut impl Read) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(source: &mut impl Read, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut source.take(count), &mut io::sink())?;
    if skipped == count { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

/// Members of gzip one after another, as `cat` and log rotation make them.
struct Gunzip<R> {
    source: R,
    /// `None` before a member.
    state: Option<Box<InflateState>>,
}

impl<R: BufRead> Gunzip<R> {
    fn header(&mut self) -> io::Result<()> {
        let [first, second, method, flags, ..] = bytes::<10>(&mut self.source)?;
        if (first, second, method) != (0x1f, 0x8b, 8) {
            return Err(damaged("it is no gzip"));
        }
        if flags & 4 != 0 {
            let length = u16::from_le_bytes(bytes(&mut self.source)?);
            skip(&mut self.source, length.into())?;
        }
        for flag in [8, 16] {
            if flags & flag != 0 {
                let mut name = Vec::new();
                self.source.by_ref().take(MAX_NAME_BYTES).read_until(0, &mut name)?;
            }
        }
        if flags & 2 != 0 {
            skip(&mut self.source, 2)?;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            if self.state.is_none() {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.header()?;
            }
            let state = self.state.get_or_insert_with(|| InflateState::new_boxed(DataFormat::Raw));
            let (count, is_done) = unpack(state, &mut self.source, output)?;
            if is_done {
                self.state = None;
                // The sum of the contents and their length.
                skip(&mut self.source, 8)?;
            }
            if count > 0 {
                return Ok(count);
            }
        }
    }
}

/// A member of an archive.
struct Header {
    name: String,
    is_packed: bool,
    /// As it lies in the archive, if that was known when it was written.
    length: Option<u64>,
    has_long_sizes: bool,
}

struct Member<'a, R> {
    source: &'a mut R,
    state: Box<InflateState>,
    is_done: bool,
}

impl<R: BufRead> Read for Member<'_, R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if self.is_done || output.is_empty() {
            return Ok(0);
        }
        let (count, is_done) = unpack(&mut self.state, self.source, output)?;
        self.is_done = is_done;
        Ok(count)
    }
}

impl Header {
    /// `None` where the list of members begins.
    fn read(source: &mut impl BufRead) -> io::Result<Option<Self>> {
        if source.fill_buf()?.is_empty() || u32::from_le_bytes(bytes(source)?) != MEMBER {
            return Ok(None);
        }
        let head: [u8; 26] = bytes(source)?;
        let short = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let long = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (flags, method) = (short(2), short(4));
        let mut name = vec![0; short(22).into()];
        source.read_exact(&mut name)?;
        let mut extra = vec![0; short(24).into()];
        source.read_exact(&mut extra)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        if flags & 1 != 0 {
            return Err(io::Error::new(ErrorKind::Unsupported, format!("{name} is encrypted")));
        }
        if method != 0 && method != 8 {
            return Err(io::Error::new(
                ErrorKind::Unsupported,
                format!("{name}: method {method} of packing"),
            ));
        }
        let sizes = long_sizes(&extra);
        let length = match long(14) {
            _ if flags & 8 != 0 => None,
            u32::MAX => sizes,
            length => Some(u64::from(length)),
        };
        Ok(Some(Self { name, is_packed: method == 8, length, has_long_sizes: sizes.is_some() }))
    }

    fn hand_over(
        &self,
        source: &mut impl BufRead,
        take: &mut impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.is_packed {
            let state = InflateState::new_boxed(DataFormat::Raw);
            let mut member = Member { source, state, is_done: false };
            take(&self.name, &mut member)?;
            // Who has read enough leaves the rest.
            io::copy(&mut member, &mut io::sink())?;
        } else {
            let length = self.length.ok_or_else(|| damaged("a member has no length"))?;
            let mut member = source.take(length);
            take(&self.name, &mut member)?;
            io::copy(&mut member, &mut io::sink())?;
        }
        if self.length.is_some() {
            return Ok(());
        }
        let sizes = if self.has_long_sizes { 16 } else { 8 };
        let has_signature = u32::from_le_bytes(bytes(source)?) == DESCRIPTOR;
        skip(source, if has_signature { sizes + 4 } else { sizes })
    }
}

/// The packed length among fields of 64 bits.
fn long_sizes(mut extra: &[u8]) -> Option<u64> {
    while let Some((head, rest)) = extra.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let (field, others) = rest.split_at_checked(length)?;
        if head[..2] == [1, 0] {
            let packed = field.get(8..16)?.try_into().ok()?;
            return Some(u64::from_le_bytes(packed));
        }
        extra = others;
    }
    None
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;

    use super::*;

    fn gzip(text: &str, flags: u8) -> Vec<u8> {
        let mut file = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3];
        if flags & 4 != 0 {
            file.extend([2, 0, 7, 7]);
        }
        if flags & 8 != 0 {
            file.extend(b"26112012.log\0");
        }
        file.extend(compress_to_vec(text.as_bytes(), 6));
        file.extend([0; 8]);
        file
    }

    fn zip(members: &[(&str, &str)], method: u16, is_streamed: bool) -> Vec<u8> {
        let mut file = Vec::new();
        for (name, text) in members {
            let packed =
                if method == 8 { compress_to_vec(text.as_bytes(), 6) } else { text.as_bytes().to_vec() };
            let known = if is_streamed { 0 } else { packed.len() as u32 };
            file.extend(MEMBER.to_le_bytes());
            file.extend([20, 0, if is_streamed { 8 } else { 0 }, 0]);
            file.extend(method.to_le_bytes());
            file.extend([0; 8]);
            file.extend(known.to_le_bytes());
            file.extend((text.len() as u32).to_le_bytes());
            file.extend((name.len() as u16).to_le_bytes());
            file.extend([0, 0]);
            file.extend(name.as_bytes());
            file.extend(&packed);
            if is_streamed {
                file.extend(DESCRIPTOR.to_le_bytes());
                file.extend([0; 12]);
            }
        }
        file.extend(0x0201_4b50_u32.to_le_bytes());
        file
    }

    fn members(packing: Packing, file: &[u8]) -> io::Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        each_member(packing, file, |name, source| {
            let mut text = String::new();
            source.read_to_string(&mut text)?;
            found.push((name.to_owned(), text));
            Ok(())
        })?;
        Ok(found)
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn names_tell_how_files_are_packed() {
        let of = |path| Packing::of_path(path);
        assert_eq!(
            [of("26112012.log"), of("x/26112012.log.GZ"), of("26112012.zip"), of("zip")],
            [Packing::None, Packing::Gzip, Packing::Zip, Packing::None]
        );
    }

    #[test]
    fn gzip_is_unpacked_member_by_member() {
        let long = "строка журнала\n".repeat(100_000);
        for flags in [0, 4, 8, 12] {
            assert_eq!(members(Packing::Gzip, &gzip(&long, flags)).expect("whole"), pairs(&[("", &long)]));
        }
        let two = [gzip("первая\n", 8), gzip("вторая\n", 0)].concat();
        assert_eq!(members(Packing::Gzip, &two).expect("whole"), pairs(&[("", "первая\nвторая\n")]));
        assert_eq!(members(Packing::Gzip, b"").expect("empty"), pairs(&[("", "")]));
    }

    #[test]
    fn archives_are_unpacked_in_any_form() {
        let list = [("rphost_1/26112012.log", "первая\n"), ("26112013.log", "вторая\n")];
        for (method, is_streamed) in [(8, false), (8, true), (0, false)] {
            let file = zip(&list, method, is_streamed);
            assert_eq!(members(Packing::Zip, &file).expect("whole"), pairs(&list), "{method} {is_streamed}");
        }
    }

    #[test]
    fn damaged_archives_are_named() {
        let why = |packing, file: &[u8]| members(packing, file).expect_err("damaged").to_string();
        assert_eq!(why(Packing::Gzip, b"00:00.000000-1,CALL,0"), "the archive is damaged: it is no gzip");
        let whole = gzip(&"строка\n".repeat(1000), 0);
        assert_eq!(why(Packing::Gzip, &whole[..30]), "the archive is cut off");
        let mut encrypted = zip(&[("a.log", "x")], 8, false);
        encrypted[6] = 1;
        assert_eq!(why(Packing::Zip, &encrypted), "a.log is encrypted");
        assert!(why(Packing::Zip, &zip(&[("a.log", "x")], 0, true)).contains("has no length"));
        assert!(!why(Packing::Zip, &zip(&[("a.log", "x")], 8, false)[..32]).is_empty());
    }

    #[test]
    fn who_has_read_enough_gets_the_next_member() {
        let long = "x".repeat(300_000);
        let file = zip(&[("a", &long), ("b", "y")], 8, true);
        let mut names = Vec::new();
        let took = each_member(Packing::Zip, file.as_slice(), |name, source| {
            names.push(name.to_owned());
            source.read_exact(&mut [0; 1])
        });
        took.expect("whole");
        assert_eq!(names, ["a", "b"]);
    }
}
