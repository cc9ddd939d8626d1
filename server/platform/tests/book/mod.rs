//! Writes help files: the container with chains of blocks, archives, pages. The pages are invented.

const NONE: u32 = 0x7FFF_FFFF;
const BLOCK_HEADER_LEN: usize = 31;

/// Paths and bytes of the pages of a book, and its table of contents.
#[derive(Default)]
pub struct Book {
    pub pages: Vec<(String, String)>,
    pub contents: String,
}

impl Book {
    pub fn page(mut self, path: &str, body: &str) -> Self {
        self.pages.push((
            path.to_owned(),
            format!("\u{feff}<html><head><style>p {{ }}</style></head><body>{body}</body></html>"),
        ));
        self
    }

    /// The file, its documents cut into blocks of this size.
    pub fn write(&self, block_len: usize) -> Vec<u8> {
        let pages: Vec<(&str, &[u8])> =
            self.pages.iter().map(|(path, html)| (path.as_str(), html.as_bytes())).collect();
        let storage = archive(&pages);
        let contents = archive(&[("0", self.contents.as_bytes())]);
        container(&[("Book", b"{7}"), ("FileStorage", &storage), ("PackBlock", &contents)], block_len)
    }
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (index, (name, bytes)) in files.iter().enumerate() {
        let is_stored = index % 2 == 1;
        let packed = if is_stored { bytes.to_vec() } else { miniz_oxide::deflate::compress_to_vec(bytes, 6) };
        let method: u16 = if is_stored { 0 } else { 8 };
        let offset = out.len() as u32;
        let mut common = Vec::new();
        for number in [0x800_u16, method, 0, 0] {
            common.extend(number.to_le_bytes());
        }
        for number in [0, packed.len() as u32, bytes.len() as u32] {
            common.extend(number.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// The directory stands first, in one block with room for all records.
fn container(entities: &[(&str, &[u8])], block_len: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [NONE, 512, 1, 0] {
        out.extend(number.to_le_bytes());
    }
    let directory_len = entities.len() * 12;
    let directory_at = out.len() + BLOCK_HEADER_LEN;
    out.extend(block_header(directory_len, directory_len, NONE));
    out.extend(vec![0; directory_len]);
    for (index, (name, bytes)) in entities.iter().enumerate() {
        let mut header = vec![0; 20];
        header.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        header.extend([0; 4]);
        let header_at = document(&mut out, &header, block_len);
        let body_at = document(&mut out, bytes, block_len);
        let record: Vec<u8> =
            [header_at, body_at, NONE].iter().flat_map(|number| number.to_le_bytes()).collect();
        let at = directory_at + index * 12;
        out[at..at + 12].copy_from_slice(&record);
    }
    out
}

fn document(out: &mut Vec<u8>, bytes: &[u8], block_len: usize) -> u32 {
    let start = out.len() as u32;
    let blocks: Vec<&[u8]> = bytes.chunks(block_len).collect();
    for (index, block) in blocks.iter().enumerate() {
        let is_last = index + 1 == blocks.len();
        let next = if is_last { NONE } else { (out.len() + BLOCK_HEADER_LEN + block_len) as u32 };
        let document_len = if index == 0 { bytes.len() } else { 0 };
        out.extend(block_header(document_len, block_len, next));
        out.extend(*block);
        out.resize(out.len() + block_len - block.len(), 0);
    }
    start
}

fn block_header(document_len: usize, block_len: usize, next: u32) -> Vec<u8> {
    format!("\r\n{document_len:08x} {block_len:08x} {next:08x} \r\n").into_bytes()
}
