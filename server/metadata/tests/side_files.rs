//! Files beside objects in the demo configuration: both layouts agree, and no bytes make a reader panic.

use std::io;
use std::path::{Path, PathBuf};

use base::{FileEntry, Files};
use expect_test::expect;
use metadata::{
    FileRole, Layout, find_roots, form_module, form_references, list_files, load, parse_form,
    read_composition_queries, read_predefined, read_rights, read_support, root_references,
};
use test_support::Random;

/// The folder of fixtures on the disk.
struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut entries: Vec<_> =
            entries.map(|entry| FileEntry { is_folder: entry.path().is_dir(), path: entry.path() }).collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        entries
    }
}

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder)
}

/// Files of the demo configurations that have one of the roles.
fn files_of(role: FileRole) -> Vec<(PathBuf, Layout)> {
    let mut found = Vec::new();
    for root in find_roots(&Disk, &fixtures("demo")) {
        let files = list_files(&Disk, &root).into_iter().filter(|file| file.role == role);
        found.extend(files.map(|file| (file.path, root.layout)));
    }
    found
}

#[test]
fn rights_of_both_layouts_are_equal() {
    let name = |path: &Path| {
        path.iter().rev().filter_map(|part| part.to_str()).find(|part| !is_frame(part)).map(str::to_owned)
    };
    let read = |wanted: Layout| {
        let files = files_of(FileRole::Rights).into_iter().filter(|(_, layout)| *layout == wanted);
        let mut roles: Vec<_> = files
            .map(|(path, _)| {
                let bytes = std::fs::read(&path).expect("invariant: the file was listed");
                let (rights, problems) = read_rights(bytes, &path);
                assert_eq!(problems, []);
                assert!(!rights.objects.is_empty());
                (name(&path), rights)
            })
            .collect();
        roles.sort_by(|left, right| left.0.cmp(&right.0));
        roles
    };
    let (designer, edt) = (read(Layout::Designer), read(Layout::Edt));
    assert!(!designer.is_empty());
    assert_eq!(designer, edt);
}

/// Parts of a path that do not name the role.
fn is_frame(part: &str) -> bool {
    part == "Ext" || part.starts_with("Rights.")
}

#[test]
fn a_root_lists_the_procedures_that_its_objects_name() {
    let read = |folder: &str| {
        let (metadata, problems) = load(&Disk, &fixtures(folder));
        assert_eq!(problems, []);
        let mut lines = Vec::new();
        for (_, root) in metadata.roots() {
            lines.extend(root_references(root).iter().map(|it| {
                let owner = it.module.owner.as_ref().map_or("", |(_, name)| name);
                format!("{:?} {}: {owner}.{}\n", it.kind, it.name, it.method)
            }));
        }
        lines.concat()
    };
    let designer = read("demo/designer");
    assert_eq!(designer, read("demo/edt"));
    expect![[r#"
        EventSubscription OnWrite: СобытияТорговли.ПриЗаписиДокументовТорговли
        HttpMethod GET: ОбменЗаказами.СписокЗаказовGET
        HttpMethod GET: ОбменЗаказами.ЗаказGET
        HttpMethod POST: ОбменЗаказами.ЗаказPOST
        ScheduledJob ОтменаПросроченныхЗаказов: СобытияТорговли.ОтменаПросроченныхЗаказов
        ScheduledJob ПересчетЦен: СобытияТорговли.ПересчетЦен
    "#]]
    .assert_eq(&designer);
}

#[test]
fn handlers_of_forms_exist_in_their_modules() {
    let mut number = 0;
    for (path, layout) in files_of(FileRole::Form) {
        let bytes = std::fs::read(&path).expect("invariant: the file was listed");
        let (form, _) = parse_form(bytes, &path, layout);
        let place = form_module(&path, layout);
        let root = path
            .ancestors()
            .find(|folder| place.path(layout).is_some_and(|module| folder.join(module).exists()));
        let root = root.expect("invariant: forms of the demo have modules");
        let module = place.path(layout).map(|module| root.join(module)).unwrap_or_default();
        let text = std::fs::read_to_string(&module).expect("invariant: modules are UTF-8").to_lowercase();
        for reference in form_references(&form, &place) {
            let header = format!("процедура {}(", reference.method.to_lowercase());
            assert!(text.contains(&header), "{} lacks {}", module.display(), reference.method);
            number += 1;
        }
    }
    assert!(number > 40, "only {number} handlers");
}

#[test]
fn no_bytes_make_a_reader_panic() {
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for role in [FileRole::Form, FileRole::Predefined, FileRole::Rights] {
        let files = files_of(role).into_iter().take(3);
        samples.extend(files.map(|(path, _)| std::fs::read(path).expect("invariant: the file was listed")));
    }
    samples.push(b"{6,0,1,11111111-0000-4000-8000-000000000001,1,x,\"1\",\"a\"\"b\",\"c\",1,0,0,".to_vec());
    let mut random = Random::new(7);
    let path = Path::new("file");
    for sample in &samples {
        for _ in 0..40 {
            let mut bytes = sample.clone();
            for _ in 0..=random.below(8) {
                let at = random.below(bytes.len());
                let end = (at + random.below(20)).min(bytes.len());
                let piece =
                    random.pick(&["<", ">", "\"", "&", "<![CDATA[", "</x>", "<!--", "\u{feff}", "}", "="]);
                bytes.splice(at..end, piece.bytes());
            }
            for layout in [Layout::Designer, Layout::Edt] {
                let (form, _) = parse_form(bytes.clone(), path, layout);
                let _ = form_references(&form, &form_module(path, layout));
            }
            let _ = read_predefined(bytes.clone(), path);
            let _ = read_rights(bytes.clone(), path);
            let _ = read_composition_queries(bytes.clone(), path);
            let _ = read_support(&bytes);
        }
    }
}
