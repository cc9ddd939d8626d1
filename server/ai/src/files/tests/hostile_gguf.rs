//! GGUF heads that lie.

use std::io::Cursor;
use std::path::Path;

use test_support::Random;

use crate::files::fixture::{TinyModel, refusal, tiny_shape};
use crate::files::gguf::{GgufHeader, read_header};
use crate::files::value::{ARRAY, STRING, write_string};
use crate::files::{Array, Checkpoint, Conversion, FileError, GgufWriter, Kind, PlannedTensor, Quantization, Value, convert};

fn read(bytes: &[u8]) -> Result<GgufHeader, FileError> {
    read_header(Cursor::new(bytes), Path::new("model.gguf"))
}

/// A head piece by piece.
#[derive(Clone)]
struct Head {
    metadata: Vec<Vec<u8>>,
    tensors: Vec<Vec<u8>>,
    data_bytes: usize,
}

impl Head {
    fn new() -> Self {
        let architecture = entry("general.architecture", &Value::text("qwen2"));
        Self { metadata: vec![architecture], tensors: vec![tensor("a", &[8, 2], 0, 0)], data_bytes: 64 }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3u32.to_le_bytes());
        bytes.extend((self.tensors.len() as u64).to_le_bytes());
        bytes.extend((self.metadata.len() as u64).to_le_bytes());
        bytes.extend(self.metadata.concat());
        bytes.extend(self.tensors.concat());
        bytes.resize(bytes.len().next_multiple_of(32) + self.data_bytes, 0);
        bytes
    }

    #[track_caller]
    fn refuses(self, expected: &str) {
        let problem = refusal(read(&self.bytes()));
        assert!(problem.contains(expected), "{problem}");
    }

    fn with_metadata(entry: Vec<u8>) -> Self {
        let mut head = Self::new();
        head.metadata.push(entry);
        head
    }

    fn with_tensor(entry: Vec<u8>) -> Self {
        let mut head = Self::new();
        head.tensors.push(entry);
        head
    }
}

fn entry(key: &str, value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_string(key, &mut bytes);
    value.write_to(&mut bytes);
    bytes
}

/// A metadata entry whose value is written by hand.
fn raw_entry(key: &str, id: u32, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_string(key, &mut bytes);
    [&bytes[..], &id.to_le_bytes(), rest].concat()
}

fn tensor(name: &str, lengths: &[u64], kind: u32, offset: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_string(name, &mut bytes);
    bytes.extend((lengths.len() as u32).to_le_bytes());
    lengths.iter().for_each(|length| bytes.extend(length.to_le_bytes()));
    bytes.extend(kind.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes
}

#[test]
fn a_good_head_is_read() {
    let mut head = Head::new();
    let numbers = Array::Numbers { kind: Kind::I16, bytes: vec![1, 0, 2, 0] };
    let nested = Array::Arrays(vec![Array::Strings(vec!["x".to_owned()]), numbers.clone()]);
    head.metadata.push(entry("x.nested", &Value::Array(nested.clone())));
    head.metadata.push(entry("x.negative", &Value::Number { kind: Kind::I8, bits: 0xff }));
    let read = read(&head.bytes()).expect("it is fine");
    assert_eq!(read.metadata["x.nested"], Value::Array(nested));
    assert_eq!((read.metadata["x.negative"].to_u64(), numbers.len()), (None, 2));
    assert_eq!((read.tensors[0].shape.as_slice(), read.tensors[0].bytes), (&[2, 8][..], 64));
}

#[test]
fn heads_that_are_none() {
    let bytes = Head::new().bytes();
    let with = |index: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[index] = value;
        refusal(read(&bytes))
    };
    assert!(refusal(read(b"GG")).contains("too short"));
    assert!(with(0, b'X').contains("no GGUF file"));
    assert!(with(4, 1).contains("version 1 of GGUF"));
    let mut swapped = bytes.clone();
    swapped[4..8].copy_from_slice(&3u32.to_be_bytes());
    assert!(refusal(read(&swapped)).contains("big-endian"));
    assert!(with(15, 0x7f).contains("tensors, more than it has room for"));
    assert!(with(23, 0xff).contains("metadata entries, more than it has room for"));
}

#[test]
fn metadata_that_lies() {
    let huge = u64::MAX.to_le_bytes();
    let many = (1u64 << 40).to_le_bytes();
    Head::with_metadata(entry("general.architecture", &Value::u32(1))).refuses("occurs twice");
    Head::with_metadata(raw_entry("x", STRING, &huge)).refuses("key `x`: a text of 18446744073709551615 bytes");
    Head::with_metadata(raw_entry("x", ARRAY, &[&0u32.to_le_bytes()[..], &many].concat())).refuses("does not fit");
    Head::with_metadata(raw_entry("x", ARRAY, &[&STRING.to_le_bytes()[..], &huge].concat())).refuses("does not fit");
    Head::with_metadata(raw_entry("x", ARRAY, &[&99u32.to_le_bytes()[..], &many].concat())).refuses("type 99");
    Head::with_metadata(raw_entry("x", 77, &[])).refuses("values of type 77 are unknown");
    Head::with_metadata(raw_entry("x", 7, &[2])).refuses("neither true nor false");
    let level = [&ARRAY.to_le_bytes()[..], &1u64.to_le_bytes()].concat();
    Head::with_metadata(raw_entry("x", ARRAY, &level.repeat(100))).refuses("nested more than");
    let text = [&2u64.to_le_bytes()[..], &[0xff, 0xfe]].concat();
    Head::with_metadata(raw_entry("x", STRING, &text)).refuses("not UTF-8");
    Head::with_metadata(entry(&"k".repeat(5000), &Value::u32(1))).refuses("a metadata key: a text of 5000 bytes");
    for alignment in [Value::u32(0), Value::u32(33), Value::text("32"), Value::u64(1 << 40)] {
        Head::with_metadata(entry("general.alignment", &alignment)).refuses("`general.alignment`");
    }
}

#[test]
fn tensors_that_lie() {
    Head::with_tensor(tensor("a", &[8], 0, 0)).refuses("tensor `a`: it occurs twice");
    Head::with_tensor(tensor("b", &[8], 0, 0)).refuses("it overlaps tensor `a`");
    Head::with_tensor(tensor("b", &[8], 0, 32)).refuses("tensor `b`: it overlaps tensor `a`");
    Head::with_tensor(tensor("b", &[8], 0, 3)).refuses("not aligned");
    Head::with_tensor(tensor("b", &[8], 0, u64::MAX - 31)).refuses("outside of the file");
    Head::with_tensor(tensor("b", &[8], 0, 1 << 40)).refuses("beyond the end");
    Head::with_tensor(tensor("b", &[], 0, 64)).refuses("0 dimensions");
    Head::with_tensor(tensor("b", &[1; 5], 0, 64)).refuses("5 dimensions");
    Head::with_tensor(tensor("b", &[0, 8], 0, 64)).refuses("does not fit the type");
    Head::with_tensor(tensor("b", &[u64::MAX], 0, 64)).refuses("does not fit the type");
    Head::with_tensor(tensor("b", &[1 << 32, 1 << 32], 0, 64)).refuses("does not fit the type");
    Head::with_tensor(tensor("b", &[1 << 31, 1 << 31, 1 << 31], 2, 64)).refuses("does not fit the type");
    Head::with_tensor(tensor("b", &[33], 8, 64)).refuses("[33] does not fit the type Q8_0");
    Head::with_tensor(tensor("b", &[32], 4, 64)).refuses("type 4 is not supported");
    Head::with_tensor(tensor("\u{7}b", &[32], 4, 64)).refuses("tensor `\\u{7}b`");
}

fn tiny_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("there is room");
    TinyModel::new(tiny_shape(), 3).write(folder.path());
    let base = Checkpoint::open(folder.path()).expect("it is a model");
    let metadata = vec![("x".to_owned(), Value::Array(Array::Strings(vec!["a".to_owned(); 3])))];
    let prompt = base.prompt.clone();
    let job = Conversion { base: &base, shape: base.shape, quantization: Quantization::Q8, prompt, metadata };
    let target = folder.path().join("model.gguf");
    convert(&job, &target, &mut |_| ()).expect("it can be written");
    std::fs::read(target).expect("the file is there")
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    let bytes = tiny_file();
    let header = read(&bytes).expect("it is fine");
    let head_bytes = header.tensors.iter().map(|tensor| tensor.offset).min().expect("there are tensors") as usize;
    let ends = (0..head_bytes).chain((head_bytes..bytes.len() - 32).step_by(499));
    for end in ends {
        assert!(read(&bytes[..end]).is_err(), "{end} of {} bytes", bytes.len());
    }
}

#[test]
fn damaged_files_never_panic() {
    let bytes = tiny_file();
    let header = read(&bytes).expect("it is fine");
    let head_bytes = header.tensors.iter().map(|tensor| tensor.offset).min().expect("there are tensors") as usize;
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("model.gguf");
    let mut random = Random::new(21);
    let mut accepted = 0;
    for round in 0..6000 {
        let mut damaged = bytes.clone();
        for _ in 0..=random.below(4) {
            let place = random.below(head_bytes);
            damaged[place] = match random.below(4) {
                0 => 0,
                1 => 0xff,
                2 => damaged[place] ^ (1 << random.below(8)),
                _ => random.below(256) as u8,
            };
        }
        let is_read = read(&damaged).is_ok();
        // What has a good head is used to the last number now and then.
        if is_read && round % 20 == 0 {
            std::fs::write(&path, &damaged).expect("the file is written");
            accepted += usize::from(crate::files::verify(&path, None, &mut |_, _| ()).is_ok());
        }
    }
    assert!(accepted > 0, "no damage was harmless: the test tests nothing");
}

#[test]
fn a_writer_keeps_to_its_plan() {
    let folder = tempfile::tempdir().expect("there is room");
    let target = folder.path().join("x.gguf");
    let plan = |shape: &[usize]| {
        let kind = candle_core::quantized::GgmlDType::F32;
        vec![PlannedTensor { name: "a".to_owned(), shape: shape.to_vec(), kind }]
    };
    assert!(refusal(GgufWriter::create(&target, &[], &plan(&[0])).map(|_| ())).contains("does not fit"));
    let mut writer = GgufWriter::create(&target, &[], &plan(&[2])).expect("it is begun");
    assert!(refusal(writer.write(&[0; 12])).contains("more bytes"));
    writer.write(&[0; 4]).expect("there is room");
    assert!(refusal(writer.finish()).contains("not written completely"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 0, "a part of a file is left");
}
